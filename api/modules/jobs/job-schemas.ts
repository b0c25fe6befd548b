import { z } from 'zod'
import { instant, paging } from '../../http/fields.js'
import { QUEUES } from '../../platform/queue-rules.js'
import { JOB_STATES } from './job-queries.js'

const count = z.int().min(0)

export const ByQueue = z.strictObject({ queue: z.enum(QUEUES) })
export const JobFilter = z.strictObject({ state: z.enum(JOB_STATES).default('failed'), ...paging })

export const QueueView = z.object({
  queue: z.enum(QUEUES),
  waiting: count,
  active: count,
  delayed: count.describe('for a time to come, or between two tries'),
  failed: count.describe('standing failed, until they are put back to work'),
  completed: count
    .nullable()
    .describe('counted since Redis began to count, as are the next two; null while it does not answer'),
  retried: count.nullable(),
  stalled: count.nullable().describe('given to another worker because theirs had ended'),
  oldestAt: instant.describe('since when the oldest of those that wait could have begun'),
  pausedAt: instant,
  pausedBy: z.string().nullable(),
})

export const JobView = z.object({
  id: z.uuid(),
  queue: z.enum(QUEUES),
  topic: z.string(),
  state: z.enum(JOB_STATES),
  payload: z.record(z.string(), z.unknown()).describe('ids, mostly; e-mail addresses are masked'),
  tries: count.describe('how often its handler was begun'),
  handOvers: count.describe('how often it was put into the queue'),
  stalls: count.describe('how often its worker ended in the middle of it'),
  lastError: z.string().nullable(),
  createdAt: z.iso.datetime(),
  nextAt: instant.describe('when it is due, for the first time or again'),
  worker: z.string().nullable().describe('who is at it'),
  startedAt: instant,
  failedAt: instant,
  doneAt: instant,
})

export const OutboxView = z.object({
  due: count.describe('to be put into the queue now; more than a moment’s worth means that no worker runs'),
  oldestDueAt: instant,
  queued: count,
  held: count.describe('in the hands of a worker'),
  later: count,
  failed: count,
  failures: z.array(
    z.object({
      queue: z.enum(QUEUES),
      topic: z.string(),
      failed: count,
      lastError: z.string().nullable(),
      lastAt: z.iso.datetime(),
    }),
  ),
})

export const ScheduledView = z.object({
  name: z.string(),
  pattern: z.string().describe('cron with seconds, in Riyadh time'),
  missed: z
    .enum(['once', 'each', 'skip'])
    .describe('slots that were missed are made up by one run, by a run each, or not'),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  startedAt: instant,
  finishedAt: instant,
  dealtWith: count.nullable(),
  error: z.string().nullable(),
  runs: count,
  failures: count,
  missedSlots: count,
  nextAt: instant,
})
