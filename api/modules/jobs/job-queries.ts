import type { Db } from '../../platform/database.js'
import { type Lane, lanesOf, type QueueName } from '../../platform/queue-rules.js'
import type { Topic, Topics } from '../../platform/topics.js'

/** Reads of the outbox (its writes are the platform's): what operators and officers look at. */
export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'done'] as const
export type JobState = (typeof JOB_STATES)[number]

export type Job = {
  id: string
  lane: Lane
  topic: Topic
  payload: Topics[Topic]
  state: JobState
  tries: number
  handOvers: number
  stalls: number
  lastError: string | null
  createdAt: Date
  /** When it is due: for the first time, again, or (in the queue, or at work) should it be lost. */
  availableAt: Date
  queuedAt: Date | null
  heldBy: string | null
  heldAt: Date | null
  failedAt: Date | null
  doneAt: Date | null
  /** Its place in a list of its state. */
  position: string
}

/** What tells the states apart, and by what each is listed; the indexes follow them. */
const STATES: Record<JobState, { where: string; at: string; newestFirst: boolean }> = {
  waiting: {
    where: `done_at is null and failed_at is null and held_by is null
            and (queued_at is not null or available_at <= :now)`,
    at: 'available_at',
    newestFirst: false,
  },
  active: {
    where: 'done_at is null and failed_at is null and held_by is not null',
    at: 'available_at',
    newestFirst: false,
  },
  delayed: {
    where: `done_at is null and failed_at is null and held_by is null
            and queued_at is null and available_at > :now`,
    at: 'available_at',
    newestFirst: false,
  },
  failed: { where: 'done_at is null and failed_at is not null', at: 'failed_at', newestFirst: true },
  done: { where: 'done_at is not null', at: 'done_at', newestFirst: true },
}

const columns = (at: string) => `id, lane, topic, payload, tries, hand_overs as "handOvers", stalls,
  last_error as "lastError", created_at as "createdAt", available_at as "availableAt", queued_at as "queuedAt",
  held_by as "heldBy", held_at as "heldAt", failed_at as "failedAt", done_at as "doneAt",
  case when done_at is not null then 'done' when failed_at is not null then 'failed'
       when held_by is not null then 'active'
       when queued_at is not null or available_at <= :now then 'waiting' else 'delayed' end as state,
  ${at}::text || ' ' || id as position`

type Wanted = { queue: QueueName; state: JobState; after: string | undefined; limit: number; now: Date }

/** Jobs of one queue in one state: those that wait in the order they come due, the others newest first. */
export async function jobsIn(db: Db, { queue, state, after, limit, now }: Wanted): Promise<Job[]> {
  const { where, at, newestFirst } = STATES[state]
  const [order, beyond] = newestFirst ? ['desc', '<'] : ['asc', '>']
  const [afterAt, afterId] = after === undefined ? [null, null] : splitPosition(after)
  // one read a lane: each is one walk along an index
  const pages = await Promise.all(
    lanesOf(queue).map(lane =>
      db
        .raw<{ rows: Job[] }>(
          `select ${columns(at)} from outbox
           where lane = :lane and ${where}
             ${after === undefined ? '' : `and (${at}, id) ${beyond} (:afterAt::timestamptz, :afterId::uuid)`}
           order by ${at} ${order}, id ${order} limit :limit`,
          { lane, now, limit, ...(after === undefined ? {} : { afterAt, afterId }) },
        )
        .then(({ rows }) => rows),
    ),
  )
  const timeOf = (job: Job) => job[TIME[state]]?.getTime() ?? 0
  const sign = newestFirst ? -1 : 1
  return pages
    .flat()
    .sort((a, b) => sign * (timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1)))
    .slice(0, limit)
}

const TIME = {
  waiting: 'availableAt',
  active: 'availableAt',
  delayed: 'availableAt',
  failed: 'failedAt',
  done: 'doneAt',
} as const

export async function jobById(db: Db, id: string, now: Date): Promise<Job | undefined> {
  const { rows } = await db.raw<{ rows: Job[] }>(
    `select ${columns('created_at')} from outbox where id = :id`,
    { id, now },
  )
  return rows[0]
}

export type OutboxState = {
  due: number
  /** Since when the oldest of them is due; null where none is. */
  oldestDueAt: Date | null
  queued: number
  held: number
  later: number
  failed: number
}
export type TopicFailures = {
  lane: Lane
  topic: Topic
  failed: number
  lastError: string | null
  lastAt: Date
}

export async function outboxState(db: Db, now: Date): Promise<OutboxState> {
  const { rows } = await db.raw<{ rows: OutboxState[] }>(
    `select
       count(*) filter (where held_by is null and queued_at is null and available_at <= :now) as due,
       min(available_at) filter (where held_by is null and queued_at is null and available_at <= :now) as "oldestDueAt",
       count(*) filter (where held_by is null and queued_at is not null) as queued,
       count(*) filter (where held_by is not null) as held,
       count(*) filter (where held_by is null and queued_at is null and available_at > :now) as later,
       (select count(*) from outbox where failed_at is not null and done_at is null) as failed
     from outbox where done_at is null and failed_at is null`,
    { now },
  )
  return rows[0] as OutboxState
}

/** What stands failed, by topic, with the newest reason. */
export async function failuresByTopic(db: Db): Promise<TopicFailures[]> {
  const { rows } = await db.raw<{ rows: TopicFailures[] }>(
    `select lane, topic, count(*) as failed, max(failed_at) as "lastAt",
       (array_agg(last_error order by failed_at desc))[1] as "lastError"
     from outbox where failed_at is not null and done_at is null group by lane, topic order by max(failed_at) desc`,
  )
  return rows
}

/** `<time as PostgreSQL writes it> <id>`: the time has a blank of its own. */
function splitPosition(position: string): [string, string] {
  const at = position.lastIndexOf(' ')
  return [position.slice(0, at), position.slice(at + 1)]
}
