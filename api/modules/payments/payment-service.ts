import { type Actor, isStaff, requireUser } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { OrderService } from '../orders/order-service.js'
import { type Gateway, isRefusal, type ProviderPayment, type RefundHandle } from './gateways/gateway.js'
import { Payment, PaymentAllocation, Refund } from './payment.js'
import { createErrands, refundHandle } from './payment-errands.js'
import { createOpening, type PayRequest } from './payment-opening.js'
import { createReconciliation } from './payment-reconciliation.js'
import { createReview } from './payment-review.js'
import { createSettlement } from './payment-settlement.js'
import { OPEN } from './payment-states.js'
import { createUpkeep } from './payment-upkeep.js'

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
  alerts: AlertService
  gateways: () => readonly Gateway[]
  urls: Urls
}
export type PaymentService = ReturnType<typeof createPaymentService>

export function createPaymentService(deps: Deps) {
  const { db, clock, auth, orders, urls } = deps
  const opening = createOpening(deps)
  const settlement = createSettlement(deps)
  const upkeep = createUpkeep({ ...deps, opening, settlement, gateway })
  const errands = createErrands({ ...deps, settlement, gateway, webhookUrl })

  return {
    settlement,
    gateway,
    ...errands,
    refreshOverdue: upkeep.refreshOverdue,
    refreshRefunds: upkeep.refreshRefunds,
    ...createReconciliation({ ...deps, gateway, upkeep }),
    ...createReview({ ...deps, upkeep, settlement }),

    /**
     * Opens a payment page for what is due on a checkout. Our row comes first, then the provider, which
     * knows the request by our payment's id: cut off anywhere, a repeat under the same key goes on and
     * charges once.
     */
    async create(request: PayRequest, actor: Actor, idempotencyId: string): Promise<Payment> {
      const provider = offering(request)
      assertOurs(request.returnUrl)
      const earlier = await Payment.query(db).findOne({ idempotency_id: idempotencyId })
      const payment = earlier ?? (await opening.begin(request, actor, idempotencyId))
      if (payment.externalId !== null) return payment
      const told = await start(provider, payment, actor).catch(async error => {
        if (isRefusal(error)) await opening.giveUp(payment, String(error.details.providerCode))
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

    /** What our page shows of a payment whose card fields are the provider's. Who has the link may pay. */
    async fieldsOf(id: string) {
      const payment = await Payment.query(db).findById(id)
      if (!payment?.fields) throw notFound('payment', id)
      const { fields, amountHalalas, returnUrl, status, expiresAt } = payment
      const isPayable = OPEN.includes(status) && expiresAt > clock.now()
      return { fields, amountHalalas, isPayable, returnUrl: returnUrl ?? returnUrlOf(id) }
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

    /** Which order a refund is for. */
    async refundOf(refundId: string): Promise<{ refundId: string; orderId: string }> {
      const refund = await Refund.query(db).findById(refundId)
      if (!refund?.orderId) throw notFound('refund', refundId)
      return { refundId, orderId: refund.orderId }
    },

    /** The payment an event is about: by the provider's ids, or by ours where the event proves it. */
    async named(
      provider: string,
      { objectId, reference }: { objectId: string; reference: string | null },
    ): Promise<Payment | undefined> {
      const byId = await Payment.query(db)
        .where({ provider })
        .where(id => id.where({ external_id: objectId }).orWhere({ capture_id: objectId }))
        .first()
      if (byId || reference === null || !UUID.test(reference)) return byId
      return Payment.query(db).findById(reference).where({ provider })
    },

    /** The same for a refund: how its provider is asked about it. */
    async namedRefund(
      provider: string,
      { objectId, reference }: { objectId: string; reference: string | null },
    ): Promise<RefundHandle | undefined> {
      const refund =
        (await Refund.query(db).findOne({ external_id: objectId })) ??
        (reference !== null && UUID.test(reference) ? await Refund.query(db).findById(reference) : undefined)
      const payment = refund && (await Payment.query(db).findById(refund.paymentId).where({ provider }))
      return refund && payment ? refundHandle(refund, payment) : undefined
    },

    /** What was taken a second time under a payment, and how far it is on its way back; the oldest first. */
    async secondCaptures(paymentId: string, actor: Actor): Promise<Refund[]> {
      const { id } = await this.get(paymentId, actor)
      return Refund.query(db).where({ payment_id: id }).whereNotNull('capture_id').orderBy('id')
    },

    /** The provider's names of all that was paid and refunded for an order: what its events are about. */
    async externalIdsOf(orderId: string): Promise<string[]> {
      const paid = PaymentAllocation.query(db).where({ order_id: orderId }).select('payment_id')
      const payments = await Payment.query(db).whereIn('id', paid)
      const refunds = await Refund.query(db)
        .where({ order_id: orderId })
        .orWhere(second => second.whereIn('payment_id', paid.clone()).whereNotNull('capture_id'))
      return [...payments, ...refunds]
        .flatMap(row => [row.externalId, row.captureId])
        .filter(id => id !== null)
        .filter((id, index, all) => all.indexOf(id) === index)
    },
  }

  function offering({ provider: name, method, authorizeFirst }: PayRequest): Gateway {
    const provider = deps.gateways().find(candidate => candidate.name === name)
    if (!provider?.methods.includes(method))
      throw new AppError('invalid', 'payments.method_not_offered', `${name} does not offer ${method}.`)
    if (authorizeFirst && !provider.can.authorize.includes(method))
      throw new AppError(
        'invalid',
        'payments.cannot_authorize',
        `${name} cannot reserve an amount with ${method} before it is taken.`,
      )
    return provider
  }

  /** Asks for the page. A provider that would open two is asked anew all the same: nobody was shown the first. */
  async function start(provider: Gateway, payment: Payment, actor: Actor): Promise<ProviderPayment> {
    const buyer = await auth.findUser(requireUser(actor).id)
    const { orderNumbers, billing } = await orders.forPaymentPage(payment.checkoutId)
    return provider.createPayment({
      reference: payment.id,
      amount: payment.amountHalalas,
      method: payment.method,
      authorizeOnly: payment.authorizeFirst,
      orderNumbers,
      customer: { name: buyer.name, email: buyer.email, phone: buyer.phone },
      billing,
      minutes: minutesUntil(payment.expiresAt),
      pageUrl: `${urls.apiUrl}/pay/${payment.id}`,
      returnUrl: payment.returnUrl ?? returnUrlOf(payment.id),
      webhookUrl: webhookUrl(provider.name),
    })
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

  function returnUrlOf(paymentId: string): string {
    return `${urls.appUrl}/payments/${paymentId}`
  }

  function webhookUrl(provider: string): string {
    return `${urls.apiUrl}/api/v1/webhooks/${provider}`
  }

  function minutesUntil(at: Date): number {
    return Math.min(60, Math.max(5, Math.ceil((at.getTime() - clock.now().getTime()) / 60_000)))
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
