import type { Redis } from 'ioredis'
import { type Clock, days, minutes, seconds } from '../../platform/clock.js'

/** What a process counted is in Redis after so long: a crash loses no more. */
const FLUSH_MS = seconds(1)
/** A Redis that is away keeps views waiting here; beyond so many sellers and days, new ones are let go. */
const MOST_WAITING = 20_000
const RIYADH_MS = minutes(180)

export type ViewCounter = ReturnType<typeof createViewCounter>
type Deps = { redis: () => Redis; clock: Clock; prefix: string }

/** One key holds what is counted; the braces keep it and the batch taken from it in one slot of a Redis Cluster. */
export const viewKeys = (prefix: string): [counted: string, taken: string] => [
  `{${prefix}:views}`,
  `{${prefix}:views}:taken`,
]

/**
 * Counts who looks at what a seller offers. A request adds one in memory and waits for nothing; Redis is told once a
 * second, by seller and day in Riyadh, and the database in batches from there. No request ever fails or waits by it.
 */
export function createViewCounter({ redis, clock, prefix }: Deps) {
  const [key] = viewKeys(prefix)
  let waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    if (waiting.size === 0) return
    const client = redis()
    // no reply would come now; what waits goes with the next
    if (client.status !== 'ready') return
    const going = waiting
    waiting = new Map()
    const pipeline = client.pipeline()
    for (const [field, count] of going) pipeline.hincrby(key, field, count)
    // whether it was counted is not known then: a view less is better than one that nobody had
    await pipeline.exec().catch(() => undefined)
  }

  return {
    seen(sellerId: string): void {
      const field = `${sellerId} ${riyadhDay(clock.now())}`
      const count = waiting.get(field)
      if (count === undefined && waiting.size >= MOST_WAITING) return
      waiting.set(field, (count ?? 0) + 1)
      timer ??= setInterval(() => void flush(), FLUSH_MS).unref()
    },

    /** Hands over what is left, where Redis takes it. */
    flush,
    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}

/** Saudi Arabia keeps no summer time; a formatter would be the dearest part of counting. */
const riyadhDay = (at: Date): number => Math.floor((at.getTime() + RIYADH_MS) / days(1))
