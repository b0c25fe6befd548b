import { after, type Clock, days } from './clock.js'
import type { Db, Trx } from './database.js'
import { KEPT, LANES, type Lane } from './queue-rules.js'
import type { Topic } from './topics.js'

/** Which rows: one, or all of these queues and topics that failed since then. */
export type Which = { id: string } | { lanes: readonly Lane[]; topic?: Topic; since?: Date }

const FORGET_BATCH = 5_000
/** What stands failed and nobody minds, is forgotten after this; of each lane the newest stay. */
const FAILED_KEPT_DAYS = 90

export type OutboxRepair = ReturnType<typeof createOutboxRepair>

/** What operators do to the outbox, and the tidying up of what is done. */
export function createOutboxRepair({ db, clock, keepDays }: { db: Db; clock: Clock; keepDays: number }) {
  const chosen = (on: Db | Trx, which: Which) => {
    const query = on('outbox').whereNull('done_at')
    if ('id' in which) return query.where({ id: which.id })
    if (which.topic) query.where({ topic: which.topic })
    if (which.since) query.where('failed_at', '>=', which.since)
    return query.whereIn('lane', [...which.lanes])
  }

  return {
    /** How many `retry` would put back to work. */
    async countFailed(which: Which): Promise<number> {
      const [row] = await chosen(db, which).whereNotNull('failed_at').count({ n: '*' })
      return Number(row?.n)
    },

    /** Puts what stands failed back to work, with all its tries. Returns the ids. */
    async retry(trx: Trx, which: Which): Promise<string[]> {
      const rows = await chosen(trx, which).whereNotNull('failed_at').update(
        {
          failed_at: null,
          tries: 0,
          stalls: 0,
          queued_at: null,
          held_by: null,
          held_at: null,
          available_at: clock.now(),
        },
        ['id'],
      )
      return rows.map(({ id }) => id)
    },

    /** What waits for a time to come, or between two tries, does not wait any longer. */
    async hurry(trx: Trx, id: string): Promise<boolean> {
      const changed = await chosen(trx, { id })
        .whereNull('failed_at')
        .whereNull('held_by')
        .update({ queued_at: null, available_at: clock.now() })
      return changed > 0
    },

    async countWaiting(lanes: readonly Lane[]): Promise<number> {
      const [row] = await chosen(db, { lanes }).whereNull('failed_at').whereNull('held_by').count({ n: '*' })
      return Number(row?.n)
    },

    /** Takes what nobody has begun out of the queue. It stands failed, so that `retry` brings it back. */
    async drain(trx: Trx, lanes: readonly Lane[], reason: string): Promise<number> {
      return chosen(trx, { lanes })
        .whereNull('failed_at')
        .whereNull('held_by')
        .update({ failed_at: clock.now(), queued_at: null, last_error: reason.slice(0, 500) })
    },

    async pause(trx: Trx, lanes: readonly Lane[], by: string): Promise<boolean> {
      const rows = lanes.map(lane => ({ lane, paused_at: clock.now(), paused_by: by }))
      const added = await trx('queue_pauses').insert(rows).onConflict('lane').ignore().returning('lane')
      return added.length > 0
    },

    /** What was on its way when the pause began comes at once. */
    async resume(trx: Trx, lanes: readonly Lane[]): Promise<boolean> {
      const removed = await trx('queue_pauses')
        .whereIn('lane', [...lanes])
        .delete()
      if (removed === 0) return false
      await chosen(trx, { lanes })
        .whereNull('failed_at')
        .whereNull('held_by')
        .whereNotNull('queued_at')
        .update({ queued_at: null, available_at: clock.now() })
      return true
    },

    /**
     * Deletes what was done so many days ago, and what stands failed for three months, lane by lane in small batches:
     * nobody waits for it, and it may be cut short. Of each lane the newest stay, for looking at.
     */
    async forgetOld(signal?: AbortSignal): Promise<number> {
      const now = clock.now()
      let forgotten = 0
      for (const lane of LANES) {
        forgotten += await forget(lane, 'done_at', after(now, -days(keepDays)), KEPT.done, signal)
        forgotten += await forget(lane, 'failed_at', after(now, -days(FAILED_KEPT_DAYS)), KEPT.failed, signal)
      }
      return forgotten
    },
  }

  async function forget(
    lane: Lane,
    column: 'done_at' | 'failed_at',
    before: Date,
    kept: number,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const isFailed = column === 'failed_at' ? 'and done_at is null' : ''
    const newest = await db('outbox')
      .where({ lane })
      .whereRaw(`${column} is not null ${isFailed}`)
      .orderBy(column, 'desc')
      .offset(kept - 1)
      .first(column)
    if (!newest) return 0
    const oldest = new Date(Math.min(before.getTime(), newest[column].getTime()))
    for (let all = 0; ; ) {
      const { rowCount } = await db.raw(
        `delete from outbox where id in (
           select id from outbox where lane = ? and ${column} is not null ${isFailed} and ${column} < ?
           order by ${column} limit ? for update skip locked)`,
        [lane, oldest, FORGET_BATCH],
      )
      all += rowCount
      if (rowCount < FORGET_BATCH || signal?.aborted) return all
    }
  }
}
