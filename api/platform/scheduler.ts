import { Cron } from 'croner'
import { seconds } from './clock.js'
import type { Logger } from './logger.js'
import type { RecurringJob } from './recurring.js'
import type { Schedule } from './schedule.js'

/** Finds what a database that was away, or a process that slept, left out. */
const SWEEP_MS = seconds(10)

type Options = { schedule: Schedule; jobs: readonly RecurringJob[]; logger: Logger }

/** Looks at the clock for one process. Any number may: the database says who gives out a slot. */
export function startScheduler({ schedule, jobs, logger }: Options): { close(): Promise<void> } {
  const sweeping = new Set<Promise<unknown>>()
  let isBroken = false
  const sweep = (some: readonly RecurringJob[]) => {
    const work = schedule.sweep(some).then(
      () => {
        isBroken = false
      },
      error => {
        if (!isBroken) logger.error('schedule_not_read', { error })
        isBroken = true
      },
    )
    sweeping.add(work)
    work.finally(() => sweeping.delete(work))
  }
  const timers = jobs.map(
    job => new Cron(job.pattern, { timezone: 'Asia/Riyadh', unref: true }, () => sweep([job])),
  )
  const nowAndThen = setInterval(() => sweep(jobs), SWEEP_MS)
  nowAndThen.unref()
  sweep(jobs)
  return {
    async close() {
      clearInterval(nowAndThen)
      for (const timer of timers) timer.stop()
      await Promise.all(sweeping)
    },
  }
}
