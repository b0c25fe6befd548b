import type { Actor } from '../../platform/actor.js'
import { after, type Clock } from '../../platform/clock.js'
import type { Db, DbOrTrx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { halalas } from '../../platform/money.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Check, Delivery, ProviderEvent } from '../payments/gateways/gateway.js'
import type { PaymentService } from '../payments/payment-service.js'
import { WebhookEvent } from './webhook-event.js'

/** Which events an operator means. `until` is the first instant that no longer counts. */
export type Range = {
  provider?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
  max: number
}
export const STUCK = ['failed', 'dead', 'held', 'left'] as const
export type Stuck = (typeof STUCK)[number]

export type Verified = { isGenuine: boolean; checks: Check[]; event?: ProviderEvent; storedAs?: string }

type Deps = { db: Db; clock: Clock; audit: AuditService; payments: PaymentService }

/** What an operator does about many events at once, and about deliveries that never became one. */
export function createRepair({ db, clock, audit, payments }: Deps) {
  return {
    /** Events that nothing happens to by itself, oldest first. */
    async stuck(state: Stuck, range: Range): Promise<string[]> {
      const query = inRange(range)
      if (state === 'held') query.where({ outcome: 'held_for_review' })
      else if (state === 'left')
        query.where(left =>
          left
            .where(lost => lost.where({ status: 'processing' }).where('locked_until', '<', clock.now()))
            .orWhere(forgotten => forgotten.where({ status: 'received' }).whereNotExists(workFor(db))),
        )
      else query.where({ status: state })
      return query.pluck('id')
    },

    /** Events that had their effect, oldest first: what can be run again. */
    async processedIn(range: Range): Promise<string[]> {
      return inRange(range).where({ status: 'processed' }).pluck('id')
    },

    /** Leaves word of a command that touched many. */
    async noteRun(action: string, actor: Actor, details: Record<string, unknown>): Promise<void> {
      const object = { type: 'webhook_events', id: 'many' }
      await db.transaction(trx => audit.record(trx, actor, action, object, details))
    },

    /** Which checks a delivery passes, and whether the event it tells of is here. Stores nothing. */
    async verify(provider: string, rawBody: Buffer, header: (name: string) => string): Promise<Verified> {
      const gateway = payments.gateway(provider)
      const checks = gateway.explainWebhook(rawBody, header)
      const event = gateway.verifyWebhook(rawBody, header)
      if (!event) return { isGenuine: false, checks }
      const stored = await WebhookEvent.query(db).findOne({ provider, event_key: event.eventKey })
      return { isGenuine: true, checks, event, ...(stored ? { storedAs: stored.id } : {}) }
    },

    /** What can be simulated of a provider. */
    sampleNames: (provider: string): string[] => Object.keys(payments.gateway(provider).samples),

    /** A delivery that was never sent, proven as the provider proves its own; about a payment of ours where one is named. */
    async sample(provider: string, name: string, paymentId: string | undefined): Promise<Delivery> {
      const gateway = payments.gateway(provider)
      if (gateway.isLive)
        throw new AppError(
          'conflict',
          'webhooks.live_key',
          'Nothing is made up under a key that moves money: use a test key.',
        )
      const make = Object.hasOwn(gateway.samples, name) ? gateway.samples[name] : undefined
      if (!make)
        throw new AppError(
          'invalid',
          'webhooks.no_such_sample',
          `${provider} has no ${name}. There are: ${Object.keys(gateway.samples).join(', ')}.`,
        )
      const payment = paymentId ? await payments.get(paymentId, SIMULATOR) : undefined
      if (payment && payment.provider !== provider)
        throw new AppError(
          'invalid',
          'webhooks.other_provider',
          `Payment ${payment.id} is ${payment.provider}'s.`,
        )
      return make({
        objectId: payment?.externalId ?? 'chg_sample',
        captureId: payment?.captureId ?? payment?.externalId ?? 'sample',
        reference: payment?.id ?? '00000000-0000-7000-8000-000000000000',
        amount: payment?.amountHalalas ?? halalas(11_500),
        at: clock.now(),
      })
    },
  }

  function inRange({ provider, since, until, max }: Range) {
    const query = db('webhook_events').orderBy('received_at').orderBy('id').limit(max)
    if (provider) query.where({ provider })
    if (since) query.where('received_at', '>=', since)
    query.where('received_at', '<', until ?? after(clock.now(), 1))
    return query
  }
}

/** The work in the outbox that an event waits for. */
export const workFor = (on: DbOrTrx) =>
  on('outbox')
    .where({ topic: 'webhook_received', done_at: null, failed_at: null })
    .whereRaw("payload ->> 'eventId' = webhook_events.id::text")
    .select(on.raw('1'))

const SIMULATOR: Actor = { kind: 'system', name: 'webhooks-simulate' }
