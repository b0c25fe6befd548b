import { Cron } from 'croner'
import { type Clock, minutes, seconds } from './clock.js'
import type { Db, Trx } from './database.js'
import { AppError } from './errors.js'
import type { Lock, Locks } from './lock.js'
import type { Logger } from './logger.js'
import { NotYet } from './not-yet.js'
import { type Outbox, textOf } from './outbox.js'
import type { RecurringJob } from './recurring.js'

/** A job that comes again so soon needs no second try: the next slot is one. */
const SOON_MS = minutes(5)
/** A slot that is older than this was missed: nobody was there to give it out. */
const LATE_MS = seconds(60)
/** So many missed slots are made up at most, of a job that wants a run for each. */
const MOST_MADE_UP = 100
const WAIT_MS = seconds(5)
/** The lock could not be had, or not be kept: what the run would have written was refused. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['locks.held', 'locks.lost', 'redis.unavailable'])

export type ScheduledState = {
  name: string
  pattern: string
  missed: RecurringJob['missed']
  state: 'waiting' | 'running' | 'done' | 'failed'
  startedAt: Date | null
  finishedAt: Date | null
  dealtWith: number | null
  error: string | null
  runs: number
  failures: number
  missedSlots: number
  nextAt: Date | null
}
export type Schedule = ReturnType<typeof createSchedule>
type Deps = { db: Db; clock: Clock; outbox: Outbox; locks: Locks; logger: Logger }

export const cronOf = ({ pattern }: Pick<RecurringJob, 'pattern'>): Cron =>
  new Cron(pattern, { timezone: 'Asia/Riyadh', paused: true })

/**
 * Recurring work. Which slots were given out stands in the database, so that each has one run whatever number of
 * processes looks at the clock; a run is a row of the outbox, so that none is lost.
 */
export function createSchedule({ db, clock, outbox, locks, logger }: Deps) {
  /** Gives out the slots that are due and nobody has given out. Returns how many runs that makes. */
  async function sweep(jobs: readonly RecurringJob[]): Promise<number> {
    const known = new Map<string, Date>(
      (await db('recurring_jobs').select('name', 'slot')).map(row => [row.name, row.slot]),
    )
    let given = 0
    for (const job of jobs) {
      const slot = known.get(job.name)
      if (slot !== undefined && !isDue(job, slot, clock.now())) continue
      given += await db.transaction(trx => giveOut(trx, job))
    }
    return given
  }

  /** One of many who ask at once finds the slots; the others wait for it, and find none. */
  async function giveOut(trx: Trx, job: RecurringJob): Promise<number> {
    const now = clock.now()
    // a job that is new begins with the slot to come
    await trx('recurring_jobs').insert({ name: job.name, slot: now }).onConflict('name').ignore()
    const row = await trx('recurring_jobs').where({ name: job.name }).forUpdate().first('slot')
    const slots = slotsBetween(job, row.slot, now)
    const newest = slots.at(-1)
    if (newest === undefined) return 0
    const isLate = now.getTime() - newest.getTime() > LATE_MS
    const runs = job.missed === 'each' ? slots : job.missed === 'skip' && isLate ? [] : [newest]
    await trx('recurring_jobs')
      .where({ name: job.name })
      .update({ slot: newest, missed_slots: trx.raw('missed_slots + ?', [slots.length - runs.length]) })
    for (const slot of runs)
      await outbox.add(trx, 'recurring_due', { name: job.name, slot: slot.toISOString() })
    return runs.length
  }

  /** Does a run, under the job's lock. A run that finds the one before it still at work is left out, or waits. */
  async function run(job: RecurringJob, slot: Date, signal: AbortSignal): Promise<number> {
    return locks.with(`schedule:${job.name}`, {}, async lock => {
      await note(lock, { state: 'running', started_at: clock.now(), finished_at: null, error: null })
      try {
        const both = AbortSignal.any([signal, lock.signal])
        const count = await job.work({ slot, signal: both, fence: lock.assertHeld })
        await note(lock, {
          state: 'done',
          finished_at: clock.now(),
          dealt_with: count,
          runs: db.raw('runs + 1'),
        })
        if (count > 0) logger.info('recurring_done', { name: job.name, count })
        return count
      } catch (error) {
        await note(lock, {
          state: 'failed',
          finished_at: clock.now(),
          error: textOf(error),
          runs: db.raw('runs + 1'),
          failures: db.raw('failures + 1'),
        }).catch(() => undefined)
        logger.error('recurring_failed', { name: job.name, slot, error })
        throw error
      }
    })
  }

  function note(lock: Lock, change: Record<string, unknown>): Promise<void> {
    const name = lock.name.slice('schedule:'.length)
    return db.transaction(async trx => {
      await lock.assertHeld(trx)
      await trx('recurring_jobs').insert({ name, slot: clock.now() }).onConflict('name').ignore()
      await trx('recurring_jobs').where({ name }).update(change)
    })
  }

  return {
    sweep,
    run,

    /** The outbox's handler: a slot that was given out. */
    handler:
      (jobs: readonly RecurringJob[]) =>
      async ({ name, slot }: { name: string; slot: string }, signal: AbortSignal): Promise<void> => {
        const job = jobs.find(one => one.name === name)
        if (!job) return logger.warn('recurring_unknown', { name }) // a release before this one had it
        try {
          await run(job, new Date(slot), signal)
        } catch (error) {
          const { code, message } = error instanceof AppError ? error : { code: '', message: '' }
          // no other run has the effect of this one's slot
          if (job.missed === 'each') throw NOT_BEGUN.has(code) ? new NotYet(message, WAIT_MS) : error
          // whoever took it over does the work
          if (code === 'locks.lost') return logger.warn('recurring_taken_over', { name, slot })
          if (code === 'locks.held') return logger.info('recurring_overlaps', { name, slot })
          if (intervalMs(job, clock.now()) > SOON_MS) throw error
        }
      },

    /** Every job, with its last run and its next. */
    async list(jobs: readonly RecurringJob[]): Promise<ScheduledState[]> {
      const rows = await db('recurring_jobs').whereIn(
        'name',
        jobs.map(({ name }) => name),
      )
      const byName = new Map(rows.map(row => [row.name as string, row]))
      return jobs.map(job => {
        const row = byName.get(job.name)
        return {
          name: job.name,
          pattern: job.pattern,
          missed: job.missed,
          state: row?.state ?? 'waiting',
          startedAt: row?.started_at ?? null,
          finishedAt: row?.finished_at ?? null,
          dealtWith: row?.dealt_with ?? null,
          error: row?.error ?? null,
          runs: row?.runs ?? 0,
          failures: row?.failures ?? 0,
          missedSlots: row?.missed_slots ?? 0,
          nextAt: cronOf(job).nextRun(clock.now()),
        }
      })
    },
  }
}

function isDue(job: RecurringJob, since: Date, now: Date): boolean {
  const next = cronOf(job).nextRun(since)
  return next !== null && next <= now
}

/** The slots after one instant, to another and with it; of very many the newest. */
function slotsBetween(job: RecurringJob, since: Date, now: Date): Date[] {
  const cron = cronOf(job)
  const slots: Date[] = []
  for (let slot = cron.nextRun(since); slot !== null && slot <= now; slot = cron.nextRun(slot)) {
    slots.push(slot)
    // one that was away for a year must not be counted through from its beginning: croner looks back from the end
    if (slots.length > MOST_MADE_UP)
      return cron.previousRuns(MOST_MADE_UP, new Date(now.getTime() + 1)).reverse()
  }
  return slots
}

function intervalMs(job: RecurringJob, now: Date): number {
  const [first, second] = cronOf(job).nextRuns(2, now)
  return first && second ? second.getTime() - first.getTime() : Number.POSITIVE_INFINITY
}
