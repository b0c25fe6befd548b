import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import type { QueueFigures } from '../../platform/queue-figures.js'
import { RULES } from '../../platform/queue-rules.js'
import { redact } from '../../platform/redact.js'
import type { ScheduledState } from '../../platform/schedule.js'
import type { Job, OutboxState, TopicFailures } from './job-queries.js'
import type { JobView, OutboxView, QueueView, ScheduledView } from './job-schemas.js'

export function presentQueue(figures: QueueFigures): z.input<typeof QueueView> {
  const { queue, waiting, active, delayed, failed, counted, pausedBy } = figures
  return {
    queue,
    waiting,
    active,
    delayed,
    failed,
    completed: counted?.done ?? null,
    retried: counted?.retried ?? null,
    stalled: counted?.stalled ?? null,
    oldestAt: iso(figures.oldestAt),
    pausedAt: iso(figures.pausedAt),
    pausedBy,
  }
}

export function presentJob(job: Job): z.input<typeof JobView> {
  const { id, topic, state, tries, handOvers, stalls, lastError } = job
  const isOver = state === 'done' || state === 'failed'
  return {
    id,
    queue: RULES[job.lane].queue,
    topic,
    state,
    payload: masked(job.payload),
    tries,
    handOvers,
    stalls,
    lastError,
    createdAt: job.createdAt.toISOString(),
    nextAt: isOver || state === 'active' ? null : iso(job.availableAt),
    worker: job.heldBy,
    startedAt: iso(job.heldAt),
    failedAt: iso(job.failedAt),
    doneAt: iso(job.doneAt),
  }
}

export function presentOutbox(state: OutboxState, failures: TopicFailures[]): z.input<typeof OutboxView> {
  const { due, oldestDueAt, queued, held, later, failed } = state
  return {
    due,
    oldestDueAt: iso(oldestDueAt),
    queued,
    held,
    later,
    failed,
    failures: failures.map(({ lane, topic, lastError, lastAt, ...rest }) => ({
      queue: RULES[lane].queue,
      topic,
      failed: rest.failed,
      lastError,
      lastAt: lastAt.toISOString(),
    })),
  }
}

export function presentScheduled(job: ScheduledState): z.input<typeof ScheduledView> {
  const { startedAt, finishedAt, nextAt, ...rest } = job
  return { ...rest, startedAt: iso(startedAt), finishedAt: iso(finishedAt), nextAt: iso(nextAt) }
}

/** Whoever looks after jobs need not read people's addresses. */
function masked(payload: object): Record<string, unknown> {
  const safe = redact(payload) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(safe).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(/^(.).*@(.+)$/, '$1…@$2') : value,
    ]),
  )
}
