import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
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
     * Stores the event and the work to be done for it in one transaction. A copy changes nothing, unless
     * the event had failed: then it is tried again.
     */
    async receive(provider: string, event: ProviderEvent): Promise<{ id: string; isNew: boolean }> {
      return db.transaction(async trx => {
        const { rows } = await trx.raw<{ rows: { id: string; isNew: boolean; isArmed: boolean }[] }>(
          `insert into webhook_events as e (id, provider, event_key, object_id, claimed_status, payload, received_at)
           values (:id, :provider, :eventKey, :objectId, :claimedStatus, :payload, :now)
           on conflict (provider, event_key) do update
             set deliveries = e.deliveries + 1,
                 status = case when e.status in ('failed', 'dead') then 'received' else e.status end,
                 attempts = case when e.status = 'dead' then 0 else e.attempts end
           returning id, deliveries = 1 as "isNew", status = 'received' as "isArmed"`,
          { id: newId(), provider, ...event, payload: JSON.stringify(event.payload), now: clock.now() },
        )
        const row = rows[0] as { id: string; isNew: boolean; isArmed: boolean }
        if (row.isArmed) await outbox.add(trx, 'webhook_received', { eventId: row.id })
        return row
      })
    },

    /** Takes the event for one worker, or undefined where it is done, dead or in another's hands. */
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
      return (Array.isArray(rows) ? rows[0] : rows) as WebhookEvent | undefined
    },

    /** Failed: due again after a pause with jitter, or dead after the last try. */
    async fail(event: WebhookEvent, error: string): Promise<'failed' | 'dead'> {
      const pause = PAUSES_MS[event.attempts - 1]
      const isDead = event.attempts >= MAX_ATTEMPTS || pause === undefined
      const nextAttemptAt = isDead ? null : after(clock.now(), pause * (0.8 + 0.4 * Math.random()))
      await db.transaction(async trx => {
        await event.$query(trx).patch({
          status: isDead ? 'dead' : 'failed',
          lastError: error.slice(0, 500),
          lockedUntil: null,
          nextAttemptAt,
        })
        if (nextAttemptAt) await outbox.add(trx, 'webhook_received', { eventId: event.id }, nextAttemptAt)
      })
      return isDead ? 'dead' : 'failed'
    },
  }
}
