import type { Clock } from './clock.js'
import { after, minutes } from './clock.js'
import type { Db, Trx } from './database.js'
import { newId } from './ids.js'

/** What can follow a commit, and what each row carries: ids only, the handler reads the rest. */
export type Topics = {
  webhook_received: { eventId: string }
  order_paid: { orderId: string }
  order_cancelled: { orderId: string }
  refund_requested: { refundId: string }
  refund_completed: { refundId: string }
  password_reset_asked: { email: string }
  file_removed: { fileId: string }
  photo_removed: { sellerId: string; content: string }
  kyc_checks_due: { sellerId: string }
  message_due: { template: string; userId: string; challengeId: string | null }
}
export type Topic = keyof Topics

export type OutboxRow = { id: string; topic: Topic; payload: Topics[Topic]; handOvers: number }

export const MAX_HAND_OVERS = 25
/** A row that was handed over and is not done by then is handed over again. */
const PATIENCE_MS = minutes(2)
const RELEASED_MS = 5_000

export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox({ db, clock }: { db: Db; clock: Clock }) {
  return {
    /** Writes work to be done after the caller's transaction commits, at once or from `availableAt` on. */
    async add<T extends Topic>(
      trx: Trx,
      topic: T,
      payload: Topics[T],
      availableAt = clock.now(),
    ): Promise<void> {
      await trx('outbox').insert({
        id: newId(),
        topic,
        payload: JSON.stringify(payload),
        available_at: availableAt,
      })
    },

    /**
     * Takes rows that are due, for the caller alone: while it hands them over they are not due again.
     * The wait doubles with every hand-over, to an hour.
     */
    async claim(limit: number): Promise<OutboxRow[]> {
      const now = clock.now()
      const { rows } = await db.raw<{ rows: OutboxRow[] }>(
        `update outbox set hand_overs = hand_overs + 1,
           available_at = ?::timestamptz + least(interval '1 hour', interval '1 millisecond' * ? * 2 ^ hand_overs)
         where id in (select id from outbox where done_at is null and available_at <= ? and hand_overs < ?
                      order by available_at limit ? for update skip locked)
         returning id, topic, payload, hand_overs as "handOvers"`,
        [now, PATIENCE_MS, now, MAX_HAND_OVERS, limit],
      )
      return rows
    },

    async find(id: string): Promise<(OutboxRow & { doneAt: Date | null }) | undefined> {
      return db('outbox')
        .where({ id })
        .first('id', 'topic', 'payload', 'hand_overs as handOvers', 'done_at as doneAt')
    },

    /** The queue did not take it: due again soon, and not counted, however long the queue is away. */
    async release(id: string, error: string): Promise<void> {
      await db('outbox')
        .where({ id })
        .whereNull('done_at')
        .update({
          last_error: error.slice(0, 500),
          available_at: after(clock.now(), RELEASED_MS),
          hand_overs: db.raw('hand_overs - 1'),
        })
    },

    async markDone(id: string): Promise<void> {
      await db('outbox').where({ id }).update({ done_at: clock.now(), last_error: null })
    },

    async noteFailure(id: string, error: string): Promise<void> {
      await db('outbox')
        .where({ id })
        .update({ last_error: error.slice(0, 500) })
    },
  }
}
