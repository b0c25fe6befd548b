import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Outbox } from '../../platform/outbox.js'
import type { ProviderEvent } from '../payments/gateways/gateway.js'
import { WebhookEvent } from './webhook-event.js'

/** The first try and three more, within 24 hours. */
export const MAX_ATTEMPTS = 4
const LEASE_MS = minutes(2)
const PAUSES_MS = [minutes(1), minutes(30), minutes(6 * 60)]

export type Inbox = ReturnType<typeof createInbox>

/** Each event once, whatever the deliveries; and who is working on it. */
export function createInbox({ db, clock, outbox }: { db: Db; clock: Clock; outbox: Outbox }) {
  return {
    /**
     * Stores the event and the work to be done for it in one transaction. A copy is counted and changes
     * nothing, unless the event had failed or was held for review: then it is tried again.
     */
    async receive(provider: string, event: ProviderEvent): Promise<{ id: string; isNew: boolean }> {
      return db.transaction(async trx => {
        const added = await trx('webhook_events')
          .insert({
            id: newId(),
            provider,
            event_key: event.eventKey,
            object_id: event.objectId,
            claimed_status: event.claimedStatus,
            payload: JSON.stringify(event.payload),
            received_at: clock.now(),
          })
          .onConflict(['provider', 'event_key'])
          .ignore()
          .returning('id')
        const [fresh] = added
        const row = fresh ? { id: fresh.id, isArmed: true } : await countCopy(trx, provider, event.eventKey)
        if (row.isArmed) await outbox.add(trx, 'webhook_received', { eventId: row.id })
        return { id: row.id, isNew: fresh !== undefined }
      })
    },

    /**
     * Takes the event for one worker, or undefined where there is nothing to do. One in another's hands is
     * an error: this hand-over must come again, because that other one may have died.
     */
    async claim(id: string): Promise<WebhookEvent | undefined> {
      const now = clock.now()
      const rows = await WebhookEvent.query(db)
        .findById(id)
        .where(query =>
          query
            .whereIn('status', ['received', 'failed'])
            .orWhere(lost => lost.where({ status: 'processing' }).where('locked_until', '<', now)),
        )
        .patch({
          status: 'processing',
          attempts: db.raw('attempts + 1') as unknown as number,
          lockedUntil: after(now, LEASE_MS),
          nextAttemptAt: null,
        })
        .returning('*')
      // by id and with `returning`, objection answers with the row itself; its types know of a list only
      const event = rows as unknown as WebhookEvent | undefined
      if (event) return event
      const left = await WebhookEvent.query(db).findById(id).select('status')
      if (left?.status !== 'processing') return undefined
      throw new AppError('conflict', 'webhooks.in_progress', `Event ${id} is being worked on.`)
    },

    /** Failed: due again after a pause with jitter, or dead after the last try. */
    async fail(event: WebhookEvent, error: string): Promise<'failed' | 'dead'> {
      const pause = PAUSES_MS[event.attempts - 1]
      const isDead = event.attempts >= MAX_ATTEMPTS || pause === undefined
      const nextAttemptAt = isDead ? null : after(clock.now(), pause * (0.8 + 0.4 * Math.random()))
      await db.transaction(async trx => {
        // only while it is still this attempt's: one that was too slow must not undo what the next one did
        const changed = await event
          .$query(trx)
          .where({ status: 'processing', attempts: event.attempts })
          .patch({
            status: isDead ? 'dead' : 'failed',
            lastError: error.slice(0, 500),
            lockedUntil: null,
            nextAttemptAt,
          })
        if (changed > 0 && nextAttemptAt)
          await outbox.add(trx, 'webhook_received', { eventId: event.id }, nextAttemptAt)
      })
      return isDead ? 'dead' : 'failed'
    },
  }
}

/** A copy of an event that is stored. Armed where the event had failed: it is to be tried again. */
async function countCopy(
  trx: Trx,
  provider: string,
  eventKey: string,
): Promise<{ id: string; isArmed: boolean }> {
  const { rows } = await trx.raw<{ rows: { id: string; isArmed: boolean }[] }>(
    `with known as (
       select id, status, status in ('failed', 'dead') or outcome = 'held_for_review' as armed
       from webhook_events where provider = ? and event_key = ? for update)
     update webhook_events e
     set deliveries = e.deliveries + 1,
         status = case when known.armed then 'received' else e.status end,
         attempts = case when known.armed and known.status <> 'failed' then 0 else e.attempts end
     from known where e.id = known.id
     returning e.id, coalesce(known.armed, false) as "isArmed"`,
    [provider, eventKey],
  )
  return rows[0] as { id: string; isArmed: boolean }
}
