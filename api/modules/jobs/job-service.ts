import { type Actor, isStaff } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { OutboxRepair, Which } from '../../platform/outbox-repair.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { QueueFigures, QueueFiguresReader } from '../../platform/queue-figures.js'
import { lanesOf, type QueueName } from '../../platform/queue-rules.js'
import type { RecurringJob } from '../../platform/recurring.js'
import type { Schedule, ScheduledState } from '../../platform/schedule.js'
import type { AuditService } from '../audit/audit-service.js'
import {
  failuresByTopic,
  type Job,
  type JobState,
  jobById,
  jobsIn,
  type OutboxState,
  outboxState,
  type TopicFailures,
} from './job-queries.js'

type Deps = {
  db: Db
  clock: Clock
  cursors: Cursors
  audit: AuditService
  /** Wakes the workers. */
  ring: () => void
  schedule: Schedule
  figures: QueueFiguresReader
  repair: OutboxRepair
}
export type JobService = ReturnType<typeof createJobService>
/** `put_back`: it is done soon. `unchanged`: there was nothing to do, its state says why. */
export type Retried = { id: string; state: JobState; outcome: 'put_back' | 'unchanged' }

/** Background work as those see it who look after it: how much there is, what became of a job, and how to mend it. */
export function createJobService({ db, clock, cursors, audit, ring, schedule, figures, repair }: Deps) {
  const list = (queue: QueueName, state: JobState) => `jobs:${queue}:${state}`

  return {
    async queues(actor: Actor): Promise<QueueFigures[]> {
      requireStaff(actor)
      return figures.all()
    },

    async jobs(queue: QueueName, state: JobState, page: PageRequest, actor: Actor): Promise<Page<Job>> {
      requireStaff(actor)
      const name = list(queue, state)
      const after = page.cursor === undefined ? undefined : cursors.decode(name, page.cursor)
      const rows = await jobsIn(db, { queue, state, after, limit: page.limit + 1, now: clock.now() })
      return cursors.page(name, rows, page.limit, job => job.position)
    },

    /** Without cursors, for a terminal. */
    async firstJobs(queue: QueueName, state: JobState, limit: number, actor: Actor): Promise<Job[]> {
      requireStaff(actor)
      return jobsIn(db, { queue, state, after: undefined, limit, now: clock.now() })
    },

    async get(id: string, actor: Actor): Promise<Job> {
      requireStaff(actor)
      const job = await jobById(db, id, clock.now())
      if (!job) throw notFound('job', id)
      return job
    },

    async outbox(actor: Actor): Promise<{ state: OutboxState; failures: TopicFailures[] }> {
      requireStaff(actor)
      const [state, failures] = await Promise.all([outboxState(db, clock.now()), failuresByTopic(db)])
      return { state, failures }
    },

    /** What failed is put back with all its tries; what waits for a time to come is due now. Safe to repeat. */
    async retry(id: string, actor: Actor): Promise<Retried> {
      requireStaff(actor)
      const job = await this.get(id, actor)
      const isPutBack = await db.transaction(async trx => {
        const changed = (await repair.retry(trx, { id })).length > 0 || (await repair.hurry(trx, id))
        if (changed)
          await audit.record(
            trx,
            actor,
            'job_retried',
            { type: 'job', id },
            { topic: job.topic, was: job.state },
          )
        return changed
      })
      if (isPutBack) ring()
      return { id, state: job.state, outcome: isPutBack ? 'put_back' : 'unchanged' }
    },

    countFailed: (which: Which) => repair.countFailed(which),

    /** All that stands failed of some queues, topic and time. */
    async retryMany(which: Exclude<Which, { id: string }>, actor: Actor): Promise<number> {
      requireStaff(actor)
      const ids = await db.transaction(async trx => {
        const changed = await repair.retry(trx, which)
        for (const id of changed) await audit.record(trx, actor, 'job_retried', { type: 'job', id })
        return changed
      })
      if (ids.length > 0) ring()
      return ids.length
    },

    /** Nothing of the queue begins any more, on whichever worker. What runs is finished. False where it was paused already. */
    async pause(queue: QueueName, actor: Actor): Promise<boolean> {
      requireStaff(actor)
      return db.transaction(async trx => {
        const isNew = await repair.pause(trx, lanesOf(queue), nameOf(actor))
        if (isNew) await audit.record(trx, actor, 'queue_paused', { type: 'queue', id: queue })
        return isNew
      })
    },

    async resume(queue: QueueName, actor: Actor): Promise<boolean> {
      requireStaff(actor)
      const was = await db.transaction(async trx => {
        const wasPaused = await repair.resume(trx, lanesOf(queue))
        if (wasPaused) await audit.record(trx, actor, 'queue_resumed', { type: 'queue', id: queue })
        return wasPaused
      })
      if (was) ring()
      return was
    },

    countWaiting: (queue: QueueName) => repair.countWaiting(lanesOf(queue)),

    /** Takes what has not begun out of the queue; it stands failed, and `retryMany` brings it back. Returns how many. */
    async drain(queue: QueueName, actor: Actor): Promise<number> {
      requireStaff(actor)
      return db.transaction(async trx => {
        const drained = await repair.drain(trx, lanesOf(queue), `drained by ${nameOf(actor)}`)
        await audit.record(trx, actor, 'queue_drained', { type: 'queue', id: queue }, { jobs: drained })
        return drained
      })
    },

    async scheduled(jobs: readonly RecurringJob[], actor: Actor): Promise<ScheduledState[]> {
      requireStaff(actor)
      return schedule.list(jobs)
    },

    /** Does recurring work now, here, whatever the clock says; throws `locks.held` where it is at work already. */
    async runNow(
      jobs: readonly RecurringJob[],
      name: string,
      actor: Actor,
      signal: AbortSignal,
    ): Promise<{ name: string; dealtWith: number }> {
      requireStaff(actor)
      const job = jobs.find(one => one.name === name)
      if (!job)
        throw new AppError(
          'not_found',
          'schedule.not_found',
          `No recurring job is called ${name}. There are: ${jobs.map(one => one.name).join(', ')}.`,
          { name },
        )
      await db.transaction(trx =>
        audit.record(trx, actor, 'recurring_run', { type: 'recurring_job', id: name }),
      )
      return { name, dealtWith: await schedule.run(job, clock.now(), signal) }
    },

    forgetOld: (signal?: AbortSignal) => repair.forgetOld(signal),
  }
}

function requireStaff(actor: Actor): void {
  if (!isStaff(actor)) throw new AppError('forbidden', 'auth.forbidden', 'This is for officers and admins.')
}

function nameOf(actor: Actor): string {
  return 'name' in actor ? actor.name : actor.kind === 'user' ? `${actor.role} ${actor.id}` : actor.kind
}
