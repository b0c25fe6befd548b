import type { Redis } from 'ioredis'
import type { Logger } from './logger.js'
import type { JobEvent } from './perform.js'
import { lanePrefix } from './queue.js'
import type { Lane } from './queue-rules.js'

const FLUSH_MS = 1_000

export const countsKey = (prefix: string, lane: Lane): string => `${lanePrefix(prefix)}:${lane}:counts`

/**
 * How often each thing happened in each lane, over all workers. Kept in Redis, written once a second: figures to look
 * at, which a lost Redis sets to nothing. What is true of a job stands in the outbox.
 */
export function createQueueCounts(redis: Redis, prefix: string, logger: Logger) {
  let counted = new Map<Lane, Map<JobEvent, number>>()

  async function flush(): Promise<void> {
    if (counted.size === 0 || redis.status !== 'ready') return
    const pipeline = redis.pipeline()
    for (const [lane, events] of counted) {
      // each job by itself is for the debug level: one line a second does not slow a thousand jobs
      logger.info('jobs_counted', { lane, ...Object.fromEntries(events) })
      for (const [event, times] of events) pipeline.hincrby(countsKey(prefix, lane), event, times)
    }
    counted = new Map()
    await pipeline.exec().catch(() => undefined)
  }

  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()
  return {
    count(lane: Lane, event: JobEvent, times = 1): void {
      const events = counted.get(lane) ?? new Map<JobEvent, number>()
      events.set(event, (events.get(event) ?? 0) + times)
      counted.set(lane, events)
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
