import type { Actor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { PaymentService } from '../payments/payment-service.js'
import type { Attempt, createAttempts } from './webhook-attempts.js'
import { WebhookEvent } from './webhook-event.js'
import type { Inbox } from './webhook-inbox.js'
import { createProcessing } from './webhook-processing.js'
import type { RefusalCount } from './webhook-refusals.js'
import { createRepair, workFor } from './webhook-repair.js'

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
  alerts: AlertService
  attempts: ReturnType<typeof createAttempts>
  refusals: RefusalCount
  isEnabled: boolean
}
export type WebhookService = ReturnType<typeof createWebhookService>

export function createWebhookService(deps: Deps) {
  const { db, clock, logger, audit, outbox, inbox, payments, attempts, refusals, isEnabled } = deps
  return {
    ...createProcessing(deps),
    ...createRepair(deps),

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
        refusals.note(provider)
        throw new AppError('unauthenticated', 'webhooks.bad_signature', 'The signature is missing or wrong.')
      }
      const { id, isNew } = await inbox.receive(provider, event)
      // the event itself says more, and stays
      logger.debug('webhook_received', { provider, event: id, isNew, claimedStatus: event.claimedStatus })
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

    /** How many deliveries were refused for want of proof. */
    refusedSince: refusals.refusedSince,
    /** Writes what is still to be counted. */
    settle: refusals.settle,

    async get(id: string): Promise<WebhookEvent> {
      const event = await WebhookEvent.query(db).findById(id)
      if (!event) throw notFound('webhook', id)
      return event
    },

    /** Every try to give it its effect, in their order. */
    attemptsOf: (id: string): Promise<Attempt[]> => attempts.of(db, id),

    /** Puts an event that failed, died, was held for review or was left by a crash back to work, with all its tries. */
    async retry(id: string, actor: Actor): Promise<WebhookEvent> {
      return db.transaction(async trx => {
        const event = await WebhookEvent.query(trx).findById(id).forUpdate()
        if (!event) throw notFound('webhook', id)
        if (!isStuck(event, clock.now()) && !(await isForgotten(trx, event))) return event
        await outbox.add(trx, 'webhook_received', { eventId: id, cause: 'retry' })
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
}

/** Stored, and nobody is to work on it: its job was given up, or taken away. */
async function isForgotten(trx: Trx, { id, status }: WebhookEvent): Promise<boolean> {
  return (
    status === 'received' &&
    (await trx('webhook_events').where({ id }).whereNotExists(workFor(trx)).first()) !== undefined
  )
}

/** Nothing will happen to it by itself, or only later. */
function isStuck(event: WebhookEvent, now: Date): boolean {
  const isLeft = event.status === 'processing' && event.lockedUntil !== null && event.lockedUntil < now
  return event.status === 'failed' || event.status === 'dead' || event.outcome === 'held_for_review' || isLeft
}
