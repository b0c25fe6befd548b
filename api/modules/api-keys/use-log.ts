import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'

/** No closer: a system that calls ten times a second is one write a minute. */
const EVERY_MS = minutes(1)

type Used = { id: string; lastUsedAt: Date | null }
export type UseLog = ReturnType<typeof createUseLog>

/** When each key was used last, to the minute. Written beside the request, which neither waits for it nor fails with it. */
export function createUseLog({ db, clock, logger }: { db: Db; clock: Clock; logger: Logger }) {
  const writing = new Map<string, Promise<void>>()

  return {
    note({ id, lastUsedAt }: Used): void {
      const now = clock.now()
      if (writing.has(id) || (lastUsedAt && after(lastUsedAt, EVERY_MS) > now)) return
      writing.set(
        id,
        write(id, now)
          .catch(error => logger.warn('api_key_use_not_noted', { key: id, error }))
          .finally(() => writing.delete(id)),
      )
    },

    /** Until what is being written is written. */
    async settle(): Promise<void> {
      await Promise.all(writing.values())
    },
  }

  /** Another process may have been first: then there is nothing to write. */
  async function write(id: string, now: Date): Promise<void> {
    await db('api_keys')
      .where({ id })
      .where(row => row.whereNull('last_used_at').orWhere('last_used_at', '<=', after(now, -EVERY_MS)))
      .update({ last_used_at: now })
  }
}
