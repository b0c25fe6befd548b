import type { Redis } from 'ioredis'
import { createBroadcast } from '../../platform/broadcast.js'
import type { Logger } from '../../platform/logger.js'
import { createNotificationService, type NotificationDeps } from './notification-service.js'
import { createStreamPlaces } from './stream-places.js'
import { createUnreadStreams } from './unread-streams.js'

type Deps = Omit<NotificationDeps, 'changes'> & { redis: () => Redis; logger: Logger; prefix: string }

/** What people are told, and the streams of those who watch. */
export function createNotifications({ redis, logger, prefix, ...deps }: Deps) {
  const changes = createBroadcast({ redis, channel: `${prefix}:unread`, logger })
  const notifications = createNotificationService({ ...deps, changes })
  const places = createStreamPlaces({ redis, prefix })
  const unreadStreams = createUnreadStreams({ states: notifications.states, changes, places, logger })
  return {
    notifications,
    unreadStreams,
    async close(): Promise<void> {
      unreadStreams.close()
      await changes.close()
    },
  }
}
