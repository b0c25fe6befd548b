import type { Redis } from 'ioredis'
import type { Clock } from './clock.js'
import type { Db } from './database.js'
import type { JobEvent } from './perform.js'
import { lanePrefix } from './queue.js'
import { countsKey } from './queue-counts.js'
import { LANES, type Lane, lanesOf, QUEUES, type QueueName } from './queue-rules.js'

export type QueueFigures = {
  queue: QueueName
  /** Due, in the queue or on its way into it. */
  waiting: number
  active: number
  /** For a time to come, or between two tries. */
  delayed: number
  /** Standing failed, until somebody puts them back to work. */
  failed: number
  /** Counted since Redis began to count; null while it does not answer. */
  counted: Record<JobEvent, number> | null
  /** Since when the oldest of those that wait could have begun. */
  oldestAt: Date | null
  pausedAt: Date | null
  pausedBy: string | null
}
export type QueueFiguresReader = ReturnType<typeof createQueueFigures>
type LaneRow = {
  lane: Lane
  waiting: number
  active: number
  delayed: number
  failed: number
  oldestAt: Date | null
}
type InRedis = { delayed: number; counted: Record<JobEvent, number> }

/** No figure is worth waiting for a Redis that is away. */
const PATIENCE_MS = 1_000

type Deps = { db: Db; clock: Clock; redis: () => Redis; prefix: string }

/** What every queue has to do. From the database, that is true whatever Redis has lost; Redis knows what was counted. */
export function createQueueFigures({ db, clock, redis, prefix }: Deps) {
  async function inDatabase(): Promise<LaneRow[]> {
    const now = clock.now()
    const { rows } = await db.raw<{ rows: LaneRow[] }>(
      `select coalesce(p.lane, f.lane) as lane, coalesce(waiting, 0) as waiting, coalesce(active, 0) as active,
         coalesce(delayed, 0) as delayed, coalesce(failed, 0) as failed, "oldestAt"
       from (select lane,
               count(*) filter (where held_by is null and (queued_at is not null or available_at <= :now)) as waiting,
               count(*) filter (where held_by is not null) as active,
               count(*) filter (where held_by is null and queued_at is null and available_at > :now) as delayed,
               min(coalesce(queued_at, available_at))
                 filter (where held_by is null and (queued_at is not null or available_at <= :now)) as "oldestAt"
             from outbox where done_at is null and failed_at is null group by lane) p
       full join (select lane, count(*) as failed from outbox
                  where failed_at is not null and done_at is null group by lane) f on f.lane = p.lane`,
      { now },
    )
    return rows
  }

  async function inRedis(): Promise<Map<Lane, InRedis> | null> {
    const pipeline = reachable()?.pipeline()
    if (!pipeline) return null
    for (const lane of LANES) {
      pipeline.zcard(`${lanePrefix(prefix)}:${lane}:delayed`)
      pipeline.hgetall(countsKey(prefix, lane))
    }
    const late = new Promise<null>(resolve => setTimeout(resolve, PATIENCE_MS, null).unref())
    const replies = await Promise.race([pipeline.exec().catch(() => null), late])
    if (!replies || replies.some(([error]) => error)) return null
    return new Map(
      LANES.map((lane, at) => {
        const counts = replies[at * 2 + 1]?.[1] as Partial<Record<JobEvent, string>>
        const times = (event: JobEvent) => Number(counts[event] ?? 0)
        const counted = {
          done: times('done'),
          failed: times('failed'),
          retried: times('retried'),
          stalled: times('stalled'),
        }
        return [lane, { delayed: Number(replies[at * 2]?.[1]), counted }]
      }),
    )
  }

  /** A command may know no Redis at all. */
  function reachable(): Redis | undefined {
    try {
      return redis()
    } catch {
      return undefined
    }
  }

  return {
    async all(): Promise<QueueFigures[]> {
      const [rows, counts, pauses] = await Promise.all([inDatabase(), inRedis(), db('queue_pauses').select()])
      return QUEUES.map(queue => {
        const lanes = lanesOf(queue)
        const some = rows.filter(row => lanes.includes(row.lane))
        const sum = (name: 'waiting' | 'active' | 'delayed' | 'failed') =>
          some.reduce((total, row) => total + row[name], 0)
        const counted = (event: JobEvent) =>
          lanes.reduce((total, lane) => total + (counts?.get(lane)?.counted[event] ?? 0), 0)
        // between two tries a job is in Redis; for the database it is on its way
        const between = lanes.reduce((total, lane) => total + (counts?.get(lane)?.delayed ?? 0), 0)
        const pause = pauses.find(row => lanes.includes(row.lane))
        return {
          queue,
          waiting: Math.max(0, sum('waiting') - between),
          active: sum('active'),
          delayed: sum('delayed') + Math.min(between, sum('waiting')),
          failed: sum('failed'),
          counted: counts && {
            done: counted('done'),
            failed: counted('failed'),
            retried: counted('retried'),
            stalled: counted('stalled'),
          },
          oldestAt: oldest(some.map(row => row.oldestAt)),
          pausedAt: pause?.paused_at ?? null,
          pausedBy: pause?.paused_by ?? null,
        }
      })
    },
  }
}

function oldest(times: (Date | null)[]): Date | null {
  const known = times.filter(at => at !== null).map(at => at.getTime())
  return known.length > 0 ? new Date(Math.min(...known)) : null
}
