import type { Trx } from './database.js'

/** What a run of recurring work is given. */
export type Run = {
  /** The time it was due; a run that comes late has an older one. */
  slot: Date
  /** Fires when its time is over, or when its lock was lost: what it waits for must end with it. */
  signal: AbortSignal
  /**
   * Asks, inside the transaction of a write, whether this run still holds its lock; throws `locks.lost` where another
   * has it. For work that would do harm if it was done by two at once: a run may have been paused for longer than its
   * lock lasts, and know nothing of it.
   */
  fence(trx: Trx): Promise<void>
}

/** Work that comes back by the clock. One run a slot, whatever number of workers there is. */
export type RecurringJob = {
  name: string
  /** Cron with seconds, in Riyadh time. */
  pattern: string
  /**
   * What becomes of slots that nobody could give out, all workers being down: `once` makes them up by a single run,
   * `each` by a run for every one of them, `skip` lets them go.
   */
  missed: 'once' | 'each' | 'skip'
  /** Returns how many things it dealt with. */
  work(run: Run): Promise<number>
}
