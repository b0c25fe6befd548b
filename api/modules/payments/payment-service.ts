import { type Actor, isStaff, requireUser } from '../../platform/actor.js'
import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { OrderService } from '../orders/order-service.js'
import type { Gateway } from './gateways/gateway.js'
import { Payment, PaymentAllocation, Refund } from './payment.js'
import { createOpening, type PayRequest } from './payment-opening.js'
import { createSettlement } from './payment-settlement.js'
import { UNSETTLED } from './payment-states.js'

/** Tap knows a request by our reference for 24 hours: after that, asking again could refund twice. */
const REPEATABLE_MS = minutes(20 * 60)

/** `origins`: the client apps, beside APP_URL, that buyers may be sent back to. */
export type Urls = { apiUrl: string; appUrl: string; origins: readonly string[] }

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  audit: AuditService
  outbox: Outbox
  auth: AuthService
  orders: OrderService
  gateways: () => readonly Gateway[]
  urls: Urls
}
export type PaymentService = ReturnType<typeof createPaymentService>

export function createPaymentService(deps: Deps) {
  const { db, clock, logger, auth, orders, urls } = deps
  const opening = createOpening(deps)
  const settlement = createSettlement(deps)

  return {
    settlement,
    gateway,

    /**
     * Opens a payment page for what is due on a checkout. Our row comes first, then the provider, which
     * knows the request by our payment's id: cut off anywhere, a repeat under the same key goes on and
     * charges once.
     */
    async create(request: PayRequest, actor: Actor, idempotencyId: string): Promise<Payment> {
      const provider = deps.gateways().find(candidate => candidate.name === request.provider)
      if (!provider?.methods.includes(request.method)) {
        throw new AppError(
          'invalid',
          'payments.method_not_offered',
          `${request.provider} does not offer ${request.method}.`,
        )
      }
      assertOurs(request.returnUrl)
      const buyer = await auth.findUser(requireUser(actor).id)
      const payment =
        (await Payment.query(db).findOne({ idempotency_id: idempotencyId })) ??
        (await opening.begin(request, actor, idempotencyId))
      if (payment.externalId !== null) return payment
      const told = await provider
        .createPayment({
          reference: payment.id,
          amount: payment.amountHalalas,
          method: payment.method,
          orderNumbers: await orders.numbersOf(payment.checkoutId),
          customer: { name: buyer.name, email: buyer.email, phone: buyer.phone },
          minutes: minutesUntil(payment.expiresAt),
          returnUrl: request.returnUrl ?? `${urls.appUrl}/payments/${payment.id}`,
          webhookUrl: webhookUrl(provider.name),
        })
        .catch(async error => {
          if (error instanceof AppError && error.code === 'payments.refused_by_provider')
            await opening.giveUp(payment, String(error.details.providerCode))
          throw error
        })
      await db.transaction(trx => settlement.payment(trx, provider, told))
      return this.get(payment.id, actor)
    },

    async get(id: string, actor: Actor): Promise<Payment> {
      const payment = await Payment.query(db).findById(id)
      const isBuyer = actor.kind === 'user' && payment?.buyerId === actor.id
      if (!payment || !(isBuyer || isStaff(actor))) throw notFound('payment', id)
      return payment
    },

    /** The payments of a checkout, newest first. */
    async ofCheckout(checkoutId: string, actor: Actor): Promise<Payment[]> {
      await orders.checkout(checkoutId, actor)
      return Payment.query(db).where({ checkout_id: checkoutId }).orderBy('id', 'desc')
    },

    /** Sends back what was captured for an order that was cancelled. Repeatable. */
    async refundCancelled(orderId: string): Promise<void> {
      await db.transaction(async trx => {
        const parts = await PaymentAllocation.query(trx)
          .where({ order_id: orderId })
          .whereIn(
            'payment_id',
            Payment.query(trx).whereIn('status', ['CAPTURED', 'PARTIALLY_REFUNDED']).select('id'),
          )
        for (const part of parts) await settlement.requestRefund(trx, part, 'The order was cancelled.')
      })
    },

    /** Asks the provider to send money back. The provider knows the request by the refund's id: asking again refunds once. */
    async performRefund(refundId: string): Promise<void> {
      const refund = await Refund.query(db).findById(refundId)
      // what the provider declined for good needs a person: the same reference would get the same answer
      if (!refund || refund.status === 'REFUNDED' || refund.status === 'FAILED') return
      const payment = await Payment.query(db).findById(refund.paymentId)
      if (!payment?.externalId) throw new Error(`refund ${refundId} belongs to a payment without a charge`)
      const provider = gateway(payment.provider)
      if (refund.externalId === null && after(refund.createdAt, REPEATABLE_MS) < clock.now())
        return settlement.giveUpRefund(refund.id, 'outcome_unknown')
      try {
        const told = await provider.refund({
          reference: refund.id,
          chargeId: payment.externalId,
          amount: refund.amountHalalas,
          reason: refund.reason,
          webhookUrl: webhookUrl(provider.name),
        })
        await db.transaction(trx => settlement.refund(trx, told))
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'payments.refused_by_provider') throw error
        await settlement.giveUpRefund(refund.id, String(error.details.providerCode))
      }
    },

    /** Which order a refund is for. */
    async refundOf(refundId: string): Promise<{ refundId: string; orderId: string }> {
      const refund = await Refund.query(db).findById(refundId)
      if (!refund) throw notFound('refund', refundId)
      return { refundId, orderId: refund.orderId }
    },

    /**
     * Asks the provider about payments past their time: it sends no event for a page that was left. One
     * that never reached the provider is given up. Returns how many it looked at.
     */
    async refreshOverdue(limit = 100): Promise<number> {
      const overdue = await Payment.query(db)
        .whereIn('status', [...UNSETTLED])
        .where('expires_at', '<=', clock.now())
        .orderBy('updated_at')
        .limit(limit)
      for (const payment of overdue) {
        try {
          if (payment.externalId === null) await opening.giveUp(payment, 'never_started')
          else await refresh(payment.provider, payment.externalId)
        } catch (error) {
          logger.warn('payment_refresh_failed', { paymentId: payment.id, error })
        }
        // to the end of the line, so that one that stays open does not keep the others from their turn
        await payment.$query(db).patch({ updatedAt: clock.now() })
      }
      return overdue.length
    },

    /** Asks about refunds the provider took and has not finished: an event may have been lost. */
    async refreshRefunds(limit = 100): Promise<number> {
      const waiting = await Refund.query(db)
        .where({ status: 'PENDING' })
        .whereNotNull('external_id')
        .where('created_at', '<', after(clock.now(), -minutes(5)))
        .orderBy('created_at', 'desc')
        .limit(limit)
      for (const refund of waiting) {
        try {
          const payment = (await Payment.query(db).findById(refund.paymentId)) as Payment
          const told = await gateway(payment.provider).getRefund(refund.externalId as string)
          await db.transaction(trx => settlement.refund(trx, told))
        } catch (error) {
          logger.warn('refund_refresh_failed', { refundId: refund.id, error })
        }
      }
      return waiting.length
    },

    /** The provider's names of all that was paid and refunded for an order: what its events are about. */
    async externalIdsOf(orderId: string): Promise<string[]> {
      const paid = PaymentAllocation.query(db).where({ order_id: orderId }).select('payment_id')
      const payments = await Payment.query(db).whereIn('id', paid).whereNotNull('external_id')
      const refunds = await Refund.query(db).where({ order_id: orderId }).whereNotNull('external_id')
      return [...payments, ...refunds].map(row => row.externalId as string)
    },
  }

  function gateway(name: string): Gateway {
    const found = deps.gateways().find(candidate => candidate.name === name)
    if (!found)
      throw new AppError(
        'not_found',
        'webhooks.unknown_provider',
        `There is no payment provider called ${name}.`,
      )
    return found
  }

  async function refresh(provider: string, externalId: string): Promise<void> {
    const told = await gateway(provider).getPayment(externalId)
    await db.transaction(trx => settlement.payment(trx, gateway(provider), told))
  }

  /** A page of ours must not be the way to somebody else's. */
  function assertOurs(returnUrl: string | undefined): void {
    const ours = [urls.appUrl, urls.apiUrl, ...urls.origins].map(url => new URL(url).origin)
    if (returnUrl === undefined || ours.includes(new URL(returnUrl).origin)) return
    throw new AppError(
      'invalid',
      'payments.foreign_return_url',
      'Buyers return to APP_URL or an origin of CORS_ORIGINS only.',
      {
        errors: [{ pointer: '#/returnUrl', detail: 'return_url.foreign' }],
      },
    )
  }

  function webhookUrl(provider: string): string {
    return `${urls.apiUrl}/api/v1/webhooks/${provider}`
  }

  function minutesUntil(at: Date): number {
    return Math.min(60, Math.max(5, Math.ceil((at.getTime() - clock.now().getTime()) / 60_000)))
  }
}
