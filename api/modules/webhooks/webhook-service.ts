import type { Actor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AuditService } from '../audit/audit-service.js'
import type { PaymentService } from '../payments/payment-service.js'
import type { Outcome } from '../payments/payment-settlement.js'
import { WebhookEvent } from './webhook-event.js'
import type { Inbox } from './webhook-inbox.js'

export type EventFilter = {
  provider?: string | undefined
  status?: WebhookEvent['status'] | undefined
  since?: Date | undefined
  order?: string | undefined
  limit: number
}

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  audit: AuditService
  outbox: Outbox
  inbox: Inbox
  payments: PaymentService
  isEnabled: boolean
}
export type WebhookService = ReturnType<typeof createWebhookService>

export function createWebhookService({ db, clock, logger, audit, outbox, inbox, payments, isEnabled }: Deps) {
  return {
    /** Proves the delivery, stores the event, and is done: the work is a job's. */
    async receive(
      provider: string,
      rawBody: Buffer,
      header: (name: string) => string,
      ip: string,
    ): Promise<void> {
      if (!isEnabled) throw new AppError('unavailable', 'webhooks.disabled', 'Webhooks are switched off.')
      const event = payments.gateway(provider).verifyWebhook(rawBody, header)
      if (!event) {
        logger.warn('webhook_bad_signature', { type: 'security', provider, ip, bytes: rawBody.length })
        throw new AppError('unauthenticated', 'webhooks.bad_signature', 'The signature is missing or wrong.')
      }
      const { id, isNew } = await inbox.receive(provider, event)
      logger.info('webhook_received', { provider, event: id, isNew, claimedStatus: event.claimedStatus })
    },

    /**
     * Gives an event its effect: reads the object anew from the provider (a delivery is a hint, not a
     * proof), then changes our books and marks the event in one transaction.
     */
    async process(eventId: string): Promise<void> {
      const event = await inbox.claim(eventId)
      if (!event) return
      try {
        const settle = await read(event)
        await db.transaction(async trx => {
          const { outcome, orderId, isOpen } = await settle(trx)
          if (isOpen && payments.gateway(event.provider).isFinal(event.claimedStatus)) throw notYet(event)
          // only while it is still this attempt's: one that was too slow leaves no effect
          const changed = await event
            .$query(trx)
            .where({ status: 'processing', attempts: event.attempts })
            .patch({
              status: 'processed',
              outcome,
              orderId: orderId ?? null,
              processedAt: clock.now(),
              lockedUntil: null,
              lastError: null,
            })
          if (changed === 0) throw new Error('another worker took this event over')
        })
      } catch (error) {
        // what the provider said is in the cause; the inbox decides when to try again
        const state = await inbox.fail(event, error instanceof Error ? error.message : String(error))
        logger.error(state === 'dead' ? 'webhook_dead' : 'webhook_failed', {
          event: event.id,
          attempts: event.attempts,
          error,
        })
      }
    },

    async list({ provider, status, since, order, limit }: EventFilter): Promise<WebhookEvent[]> {
      const query = WebhookEvent.query(db).orderBy('received_at', 'desc').limit(limit)
      if (provider) query.where({ provider })
      if (status) query.where({ status })
      if (since) query.where('received_at', '>=', since)
      if (order) {
        const about = await payments.externalIdsOf(order)
        query.where(either => either.where({ order_id: order }).orWhereIn('object_id', about))
      }
      return query
    },

    async get(id: string): Promise<WebhookEvent> {
      const event = await WebhookEvent.query(db).findById(id)
      if (!event) throw notFound('webhook', id)
      return event
    },

    /** Puts an event that failed, died, was held for review or was left by a crash back to work, with all its tries. */
    async retry(id: string, actor: Actor): Promise<WebhookEvent> {
      return db.transaction(async trx => {
        const event = await WebhookEvent.query(trx).findById(id).forUpdate()
        if (!event) throw notFound('webhook', id)
        if (!isStuck(event, clock.now())) return event
        await outbox.add(trx, 'webhook_received', { eventId: id })
        await audit.record(trx, actor, 'webhook_retried', {
          type: 'webhook_event',
          id,
          ...(event.orderId ? { orderId: event.orderId } : {}),
        })
        return event.$query(trx).patchAndFetch({
          status: 'received',
          attempts: 0,
          nextAttemptAt: null,
          lockedUntil: null,
        })
      })
    },
  }

  /** Asks the provider first; what comes back settles it inside a transaction. */
  async function read(
    event: WebhookEvent,
  ): Promise<(trx: Parameters<PaymentService['settlement']['refund']>[0]) => Promise<Outcome>> {
    const gateway = payments.gateway(event.provider)
    if (event.payload.object === 'refund') {
      const told = await gateway.getRefund(event.objectId)
      return trx => payments.settlement.refund(trx, told)
    }
    const told = await gateway.getPayment(event.objectId)
    return trx => payments.settlement.payment(trx, gateway, told)
  }
}

/** The event says that it is over, the provider's own object does not yet: the event is not used up, it comes again. */
const notYet = (event: WebhookEvent) =>
  new Error(`claims ${event.claimedStatus}, but the provider's object does not say so yet`)

/** Nothing will happen to it by itself, or only later. */
function isStuck(event: WebhookEvent, now: Date): boolean {
  const isLeft = event.status === 'processing' && event.lockedUntil !== null && event.lockedUntil < now
  return event.status === 'failed' || event.status === 'dead' || event.outcome === 'held_for_review' || isLeft
}
