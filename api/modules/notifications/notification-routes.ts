import type { Context } from 'koa'
import { ById } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { type Actor, requireUser } from '../../platform/actor.js'
import { presentNotification } from './notification-presenter.js'
import {
  MarkAllRead,
  MarkedView,
  NotificationFilter,
  NotificationPage,
  NotificationView,
  UnreadEvent,
  UnreadView,
} from './notification-schemas.js'
import type { NotificationService } from './notification-service.js'
import type { UnreadStreams } from './unread-streams.js'

const own = { tag: 'Notifications', access: SIGNED_IN } as const

type Deps = {
  notifications: NotificationService
  unreadStreams: UnreadStreams
  /** Whether somebody who signed in a while ago still is. */
  sessions: { isLive(actor: Actor): Promise<boolean> }
}

export function notificationOperations({ notifications, unreadStreams, sessions }: Deps): Operation[] {
  return [
    operation({
      ...own,
      id: 'listNotifications',
      method: 'get',
      path: '/notifications',
      summary: 'What the caller was told, the newest first',
      query: NotificationFilter,
      response: NotificationPage,
      handle: async ({ query, actor, locale }) => {
        const { items, nextCursor } = await notifications.mine(query, actor)
        return { items: items.map(item => presentNotification(item, locale)), nextCursor }
      },
    }),
    operation({
      ...own,
      id: 'unreadNotifications',
      method: 'get',
      path: '/notifications/unread',
      summary: 'How many of them the caller has not read',
      response: UnreadView,
      handle: async ({ actor }) => ({ unread: await notifications.unread(actor) }),
    }),
    operation({
      ...own,
      id: 'watchNotifications',
      method: 'get',
      path: '/notifications/stream',
      summary: 'The same count as server-sent events: now, and whenever it changes',
      response: UnreadEvent,
      responseType: 'text/event-stream',
      errors: { 'notifications.too_many_streams': 'rate_limited' },
      handle: async ({ actor, header, ctx }) => {
        forStreaming(ctx)
        return unreadStreams.open({
          userId: requireUser(actor).id,
          lastEventId: header('last-event-id'),
          isAllowed: () => sessions.isLive(actor),
        })
      },
    }),
    operation({
      ...own,
      id: 'markNotificationRead',
      method: 'post',
      path: '/notifications/:id/read',
      status: 200,
      summary: 'Mark one as read; repeated, it changes nothing',
      params: ById,
      response: NotificationView,
      handle: async ({ params, actor, locale }) =>
        presentNotification(await notifications.markRead(params.id, actor), locale),
    }),
    operation({
      ...own,
      id: 'markNotificationsRead',
      method: 'post',
      path: '/notifications/read',
      status: 200,
      summary: 'Mark all as read, or those up to one',
      body: MarkAllRead,
      response: MarkedView,
      errors: { 'notifications.not_found': 'not_found' },
      handle: async ({ body, actor }) => {
        const marked = await notifications.markAllRead(body.upTo, actor)
        return { marked, unread: await notifications.unread(actor) }
      },
    }),
  ]
}

/** Proxies that gather answers before they pass them on would hold a stream back for ever. */
function forStreaming(ctx: Context): void {
  ctx.set('X-Accel-Buffering', 'no')
  ctx.req.socket.setNoDelay(true)
  ctx.req.socket.setKeepAlive(true, 30_000)
}
