import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { createGathered } from '../../platform/gathered.js'
import { newId } from '../../platform/ids.js'
import { INSERT_INTO_OUTBOX, type Outbox } from '../../platform/outbox.js'
import type { Reads } from '../../platform/reads.js'
import { LANE_OF } from '../../platform/topics.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { ProviderEvent } from '../payments/gateways/gateway.js'
import type { createAttempts } from './webhook-attempts.js'
import { WebhookEvent } from './webhook-event.js'

const LEASE_MS = minutes(2)
/** Before each further try; five of them, with their jitter, are within 24 hours. */
const PAUSES_MS = [minutes(1), minutes(30), minutes(6 * 60), minutes(6 * 60), minutes(6 * 60)]
/** A provider that is left alone gives no answer to any event: this one keeps its tries. */
const POSTPONED_MS = minutes(5)

/** What came of a try that had no effect. `postponed`: nobody was asked. */
export type Failure = { error: string; isCounted: boolean; startedAt: Date; cause: 'delivery' | 'retry' }

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  outbox: Outbox
  alerts: AlertService
  attempts: ReturnType<typeof createAttempts>
  /** How often an event that fails is tried again by itself. */
  retries: number
  /** Says that there is work which is due at once. */
  ring: () => void
}
export type Inbox = ReturnType<typeof createInbox>

/** Each event once, whatever the deliveries; and who is working on it. */
export function createInbox({ db, reads, clock, outbox, alerts, attempts, retries, ring }: Deps) {
  const takeIn = createGathered(storeNew, { most: 50, lanes: 2 })
  return {
    /**
     * Stores the event and the work to be done for it, in one statement with those that come at the same time. A copy
     * is counted and changes nothing, unless the event had failed or was held for review: then it is tried again.
     */
    async receive(provider: string, event: ProviderEvent): Promise<{ id: string; isNew: boolean }> {
      const id = newId()
      if (await takeIn({ id, provider, event })) return { id, isNew: true }
      return db.transaction(async trx => {
        const row = await countCopy(trx, provider, event.eventKey)
        if (row.isArmed) await outbox.add(trx, 'webhook_received', { eventId: row.id })
        return { id: row.id, isNew: false }
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
    async fail(event: WebhookEvent, failure: Failure): Promise<'failed' | 'dead'> {
      const { isCounted, startedAt, cause } = failure
      // a patch changes the model too
      const { attempts: number } = event
      const error = failure.error.slice(0, 500)
      const pause = isCounted ? PAUSES_MS.slice(0, retries)[number - 1] : POSTPONED_MS
      const isDead = pause === undefined
      const nextAttemptAt =
        pause === undefined ? null : after(clock.now(), pause * (0.8 + 0.4 * Math.random()))
      await db.transaction(async trx => {
        // only while it is still this attempt's: one that was too slow must not undo what the next one did
        const changed = await event
          .$query(trx)
          .where({ status: 'processing', attempts: number })
          .patch({
            status: isDead ? 'dead' : 'failed',
            attempts: isCounted ? number : number - 1,
            lastError: error,
            lockedUntil: null,
            nextAttemptAt,
          })
        if (changed === 0) return
        const outcome = isDead ? 'dead' : isCounted ? 'failed' : 'postponed'
        await attempts.record(trx, event.id, { number, cause, outcome, error, startedAt })
        if (nextAttemptAt)
          await outbox.add(trx, 'webhook_received', { eventId: event.id, cause }, nextAttemptAt)
        if (isDead) await tellDead(trx, event, error)
      })
      return isDead ? 'dead' : 'failed'
    },
  }

  /** Which of them are new. In one order, so that two statements with the same events never wait for one another in a circle. */
  async function storeNew(arrivals: readonly Arrival[]): Promise<boolean[]> {
    const inOrder = [...arrivals].sort((a, b) => (a.event.eventKey < b.event.eventKey ? -1 : 1))
    const given = inOrder.map(({ id, provider, event }) => ({
      id,
      provider,
      event_key: event.eventKey,
      object_id: event.objectId,
      reference: event.reference ?? null,
      claimed_status: event.claimedStatus,
      payload: event.payload,
      outbox_id: newId(),
    }))
    const rows = await reads<{ id: string }>(TAKE_IN, [JSON.stringify(given), clock.now()])
    if (rows.length > 0) ring()
    const stored = new Set(rows.map(({ id }) => id))
    return arrivals.map(({ id }) => stored.has(id))
  }

  async function tellDead(
    trx: Trx,
    { id, provider, claimedStatus, attempts: tries }: WebhookEvent,
    error: string,
  ): Promise<void> {
    await alerts.raise(trx, {
      key: deadAlert(id),
      kind: 'webhook_dead',
      severity: 'critical',
      summary: `Event ${id} of ${provider} (${claimedStatus}) is given up after ${tries === 1 ? 'one try' : `${tries} tries`}.`,
      details: { eventId: id, provider, error },
    })
  }
}

/** What an event that was given up is told under; over when it has its effect after all. */
export const deadAlert = (eventId: string): string => `webhook_dead:${eventId}`

type Arrival = { id: string; provider: string; event: ProviderEvent }

// a statement is a transaction: the events and their work are stored together, in one way there and back
const TAKE_IN = {
  name: 'take-in',
  text: `
    with given as (
      select * from jsonb_to_recordset($1::jsonb) as given (id uuid, provider text, event_key text, object_id text,
        reference text, claimed_status text, payload jsonb, outbox_id uuid)),
    added as (
      insert into webhook_events
        (id, provider, event_key, object_id, reference, claimed_status, payload, received_at)
      select id, provider, event_key, object_id, reference, claimed_status, payload, $2 from given
      on conflict (provider, event_key) do nothing
      returning id),
    due as (
      ${INSERT_INTO_OUTBOX}
      select outbox_id, '${LANE_OF.webhook_received}', 'webhook_received', jsonb_build_object('eventId', id), $2 from added join given using (id))
    select id from added`,
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
