import type { Clock } from '../../platform/clock.js'
import { seconds } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'

export type Refused = { provider: string; count: number; lastAt: Date }

/** A stranger can send as many as he likes: they are written together, this far apart. */
const GATHER_MS = seconds(1)

export type RefusalCount = ReturnType<typeof createRefusalCount>

/** How many deliveries were not proven, by provider and hour. Nothing else of them is kept. */
export function createRefusalCount({ db, clock, logger }: { db: Db; clock: Clock; logger: Logger }) {
  const counts = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function settle(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const now = clock.now()
    const gathered = [...counts]
    counts.clear()
    if (gathered.length === 0) return
    try {
      await db.raw(
        `insert into webhook_refusals as r (provider, hour, count, last_at)
         select provider, date_trunc('hour', ?::timestamptz), count, ? from unnest(?::text[], ?::int[]) g (provider, count)
         on conflict (provider, hour) do update set count = r.count + excluded.count, last_at = excluded.last_at`,
        [now, now, gathered.map(([provider]) => provider), gathered.map(([, count]) => count)],
      )
    } catch (error) {
      // each has its own line in the log; only this sum is short of them
      logger.warn('webhook_refusals_not_counted', { counts: Object.fromEntries(gathered), error })
    }
  }

  return {
    note(provider: string): void {
      counts.set(provider, (counts.get(provider) ?? 0) + 1)
      timer ??= setTimeout(() => void settle(), GATHER_MS).unref()
    },

    /** Writes what has not been written yet. */
    settle,

    /** By provider, in the hours that end after `since`. */
    async refusedSince(since: Date, provider?: string): Promise<Refused[]> {
      const query = db('webhook_refusals')
        .whereRaw("hour + interval '1 hour' > ?", [since])
        .groupBy('provider')
        .orderBy('provider')
        .select('provider', db.raw('sum(count)::int as count'), db.raw('max(last_at) as "lastAt"'))
      if (provider) query.where({ provider })
      return query
    },
  }
}
