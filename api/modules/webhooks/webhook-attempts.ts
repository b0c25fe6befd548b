import type { Clock } from '../../platform/clock.js'
import type { DbOrTrx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'

/** Who had the event worked on: its arrival, an operator who put it back, or one who ran it again. */
export type Cause = 'delivery' | 'retry' | 'replay'
export type Attempt = {
  number: number
  cause: Cause
  outcome: string
  error: string | null
  startedAt: Date
  endedAt: Date
}

/** Every try to give an event its effect: written with what it came to, and kept. */
export function createAttempts({ clock }: { clock: Clock }) {
  return {
    async record(
      on: DbOrTrx,
      eventId: string,
      { number, cause, outcome, error, startedAt }: Omit<Attempt, 'endedAt'>,
    ): Promise<void> {
      await on('webhook_attempts').insert({
        id: newId(),
        event_id: eventId,
        number,
        cause,
        outcome,
        error,
        started_at: startedAt,
        ended_at: clock.now(),
      })
    },

    /** In the order they were made. */
    async of(db: DbOrTrx, eventId: string): Promise<Attempt[]> {
      return db('webhook_attempts')
        .where({ event_id: eventId })
        .orderBy('started_at')
        .orderBy('id')
        .select('number', 'cause', 'outcome', 'error', 'started_at as startedAt', 'ended_at as endedAt')
    },
  }
}
