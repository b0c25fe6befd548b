import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { PaymentHandle } from '../payments/gateways/gateway.js'
import type { PaymentService } from '../payments/payment-service.js'
import type { Outcome } from '../payments/payment-settlement.js'
import type { createAttempts } from './webhook-attempts.js'
import { WebhookEvent } from './webhook-event.js'
import { deadAlert, type Inbox } from './webhook-inbox.js'

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  inbox: Inbox
  alerts: AlertService
  attempts: ReturnType<typeof createAttempts>
  payments: PaymentService
}
/** What the provider says, ready to be brought into our books. */
type Settle = (trx: Trx) => Promise<Outcome & { isUnseen?: boolean }>

/**
 * How an event gets its effect: the object is read anew from the provider (a delivery is a hint, not a proof),
 * then our books and the event change in one transaction.
 */
export function createProcessing({ db, clock, logger, inbox, alerts, attempts, payments }: Deps) {
  return {
    async process(eventId: string, cause: 'delivery' | 'retry' = 'delivery'): Promise<void> {
      const event = await inbox.claim(eventId)
      if (!event) return
      const startedAt = clock.now()
      try {
        const settle = await read(event)
        const isUnseen = await db.transaction(async trx => {
          const { outcome, orderId, isOpen, isUnseen } = await settle(trx)
          if (isOpen && payments.gateway(event.provider).isFinal(event.claimedStatus)) throw notYet(event)
          // what the provider does show is brought in all the same
          if (isUnseen && outcome !== 'held_for_review') return true
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
          if (payments.gateway(event.provider).isChargeback(event.claimedStatus))
            await tellChargeback(trx, event, orderId)
          const tried = { number: event.attempts, cause, outcome, error: null, startedAt }
          await attempts.record(trx, event.id, tried)
          if (cause === 'retry' || event.deliveries > 1) await alerts.end(trx, deadAlert(event.id))
          return false
        })
        if (isUnseen) throw notYet(event)
      } catch (error) {
        // what the provider said is in the cause; the inbox decides when to try again
        const message = error instanceof Error ? error.message : String(error)
        const isCounted = !(error instanceof AppError && error.code === 'provider.paused')
        const state = await inbox.fail(event, { error: message, isCounted, startedAt, cause })
        logger.error(state === 'dead' ? 'webhook_dead' : 'webhook_failed', {
          event: event.id,
          attempts: event.attempts,
          error,
        })
      }
    },

    /**
     * Runs a processed event again, as if it had come just now. What is so already stays so; what had been missed
     * is made good, and the event then says `applied`.
     */
    async replay(eventId: string): Promise<{ id: string; outcome: string }> {
      const event = await WebhookEvent.query(db).findById(eventId)
      if (!event) throw notFound('webhook', eventId)
      if (event.status !== 'processed') return { id: eventId, outcome: `left_${event.status}` }
      const startedAt = clock.now()
      const tried = { number: event.attempts + 1, cause: 'replay', startedAt } as const
      try {
        const settle = await read(event)
        return await db.transaction(async trx => {
          await WebhookEvent.query(trx).findById(eventId).forUpdate()
          const { outcome, orderId } = await settle(trx)
          if (outcome === 'applied') await event.$query(trx).patch({ outcome, orderId: orderId ?? null })
          await attempts.record(trx, eventId, { ...tried, outcome, error: null })
          return { id: eventId, outcome }
        })
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        await attempts.record(db, eventId, { ...tried, outcome: 'failed', error: message.slice(0, 500) })
        throw error
      }
    },
  }

  /** No state of ours says it: somebody must answer the bank, and put the order right. */
  async function tellChargeback(trx: Trx, event: WebhookEvent, orderId: string | undefined): Promise<void> {
    const { id, provider, objectId, reference, claimedStatus } = event
    await alerts.raise(trx, {
      key: `chargeback:${provider}:${objectId}`,
      kind: 'chargeback',
      severity: 'critical',
      summary: `${provider} tells of a chargeback (${claimedStatus}): the money of an order was taken back.`,
      details: { eventId: id, objectId, reference, orderId },
    })
  }

  /** Asks the provider first, outside any transaction. */
  async function read(event: WebhookEvent): Promise<Settle> {
    const { provider, objectId, payload } = event
    const gateway = payments.gateway(provider)
    if (payload.object === 'other') return async () => ({ outcome: 'ignored_kind' })
    const stranger = gateway.can.readById ? strangerOf(event) : undefined
    if (payload.object === 'refund') {
      const known = await payments.namedRefund(provider, event)
      const handle = known ?? (stranger && { reference: '', payment: stranger, since: event.receivedAt })
      if (!handle) return async () => ({ outcome: 'ignored_unknown' })
      const told = await gateway.getRefund({ ...handle, externalId: objectId })
      return trx => payments.settlement.refund(trx, gateway, told)
    }
    const payment = (await payments.named(provider, event))?.handle ?? stranger
    if (!payment) return async () => ({ outcome: 'ignored_unknown' })
    const told = await gateway.getPayment(payment)
    // other money than was claimed, perhaps beside it: a second sum must not be used up by that
    const isUnseen =
      told.status === 'CAPTURED' &&
      gateway.claimsCapture(event.claimedStatus) &&
      ![told, ...(told.others ?? [])].some(each => each.captureId === objectId)
    return async trx => ({ ...(await payments.settlement.payment(trx, gateway, told)), isUnseen })
  }
}

/** Not known to us by any id, and yet asked about: the provider's object may carry our reference. */
const strangerOf = ({ objectId, receivedAt }: WebhookEvent): PaymentHandle => ({
  externalId: objectId,
  captureId: null,
  reference: '',
  method: 'card',
  createdAt: receivedAt,
})

/** The event says that it is over, the provider's own object does not yet: the event is not used up, it comes again. */
const notYet = (event: WebhookEvent) =>
  new Error(`claims ${event.claimedStatus}, but the provider's object does not say so yet`)
