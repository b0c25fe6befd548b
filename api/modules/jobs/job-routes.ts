import { z } from 'zod'
import { ById, pageOf } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import type { RecurringJob } from '../../platform/recurring.js'
import { presentJob, presentOutbox, presentQueue, presentScheduled } from './job-presenter.js'
import { ByQueue, JobFilter, JobView, OutboxView, QueueView, ScheduledView } from './job-schemas.js'
import type { JobService } from './job-service.js'

const tag = 'Jobs'
const access = ['officer', 'admin'] as const

/** The figures that operators have at their terminal, for officers. What mends a job is a command: docs/jobs.md. */
export function jobOperations(jobs: JobService, recurring: readonly RecurringJob[]): Operation[] {
  return [
    operation({
      id: 'listQueues',
      method: 'get',
      path: '/jobs/queues',
      tag,
      access,
      summary: 'What each queue has to do',
      response: z.object({ queues: z.array(QueueView) }),
      handle: async ({ actor }) => ({ queues: (await jobs.queues(actor)).map(presentQueue) }),
    }),
    operation({
      id: 'listJobs',
      method: 'get',
      path: '/jobs/queues/:queue',
      tag,
      access,
      summary:
        'The jobs of a queue in one state: those that wait in the order they come due, the others newest first',
      params: ByQueue,
      query: JobFilter,
      response: pageOf(JobView),
      handle: async ({ params, query: { state, ...page }, actor }) => {
        const { items, nextCursor } = await jobs.jobs(params.queue, state, page, actor)
        return { items: items.map(presentJob), nextCursor }
      },
    }),
    operation({
      id: 'outboxState',
      method: 'get',
      path: '/jobs/outbox',
      tag,
      access,
      summary: 'Where the work is that followed commits, and what stands failed',
      response: OutboxView,
      handle: async ({ actor }) => {
        const { state, failures } = await jobs.outbox(actor)
        return presentOutbox(state, failures)
      },
    }),
    operation({
      id: 'listRecurringJobs',
      method: 'get',
      path: '/jobs/schedule',
      tag,
      access,
      summary: 'What comes back by the clock, with its last run and its next',
      response: z.object({ jobs: z.array(ScheduledView) }),
      handle: async ({ actor }) => ({ jobs: (await jobs.scheduled(recurring, actor)).map(presentScheduled) }),
    }),
    operation({
      id: 'getJob',
      method: 'get',
      path: '/jobs/:id',
      tag,
      access,
      summary: 'A job, and what became of it',
      params: ById,
      response: JobView,
      errors: { 'jobs.not_found': 'not_found' },
      handle: async ({ params, actor }) => presentJob(await jobs.get(params.id, actor)),
    }),
  ]
}
