import { system } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Order } from '../orders/order.js'
import type { OrderService } from '../orders/order-service.js'
import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import { Payment, PaymentAllocation } from './payment.js'
import { differencesOf, secondCapturesIn } from './payment-comparison.js'
import { canMove, OPEN, type PaymentStatus, wantedBy } from './payment-states.js'
import { createRefundSettlement } from './refund-settlement.js'
import { createSecondCaptures } from './second-captures.js'

/** What an event came to: kept beside it, for the operator. */
export type Outcome = {
  outcome: 'applied' | 'ignored_stale' | 'ignored_unknown' | 'ignored_kind' | 'held_for_review'
  orderId?: string | undefined
  /** Our side still waits for an end. */
  isOpen?: boolean
}

export type SettlementDeps = {
  db: Db
  clock: Clock
  audit: AuditService
  outbox: Outbox
  orders: OrderService
  alerts: AlertService
}

/** Our side of what is told, locked. */
type Ours = {
  payment: Payment
  parts: PaymentAllocation[]
  locked: readonly Order[]
  accepted: 'accepted' | undefined
}

/** Brings what a provider says of a payment or refund into our books. Inside the caller's transaction; repeatable. */
export function createSettlement(deps: SettlementDeps) {
  const { clock, audit, outbox, orders, alerts } = deps
  const refunds = createRefundSettlement({ ...deps, move, unheard })
  const seconds = createSecondCaptures(deps)

  return {
    ...refunds,

    /** A person's end for what was held: the money is not ours, and went back by hand. */
    async closeReviewed(trx: Trx, payment: Payment, details: Record<string, unknown>): Promise<void> {
      await move(trx, payment, 'FAILED', 'payment_review_closed', details)
    },

    /** `accepted`: a person looked at what the provider wanted looked at. Amount, currency and the rest must agree all the same. */
    async payment(
      trx: Trx,
      gateway: Gateway,
      told: ProviderPayment,
      accepted: 'accepted' | undefined = undefined,
    ): Promise<Outcome> {
      const known = await find(trx, gateway.name, told)
      if (!known) return { outcome: 'ignored_unknown' }
      const locked = await orders.payments.lock(trx, known.checkoutId)
      const payment = (await Payment.query(trx).findById(known.id).forUpdate()) as Payment
      const parts = await PaymentAllocation.query(trx).where({ payment_id: payment.id }).orderBy('order_id')
      const first = await bringIn(trx, gateway, told, { payment, parts, locked, accepted })
      const came = await seconds.sendBack(trx, gateway, payment, secondCapturesIn(payment, told))
      return came === 'ignored_stale' ? first : { ...first, outcome: came }
    },
  }

  async function bringIn(
    trx: Trx,
    gateway: Gateway,
    told: ProviderPayment,
    { payment, parts, locked, accepted }: Ours,
  ): Promise<Outcome> {
    const orderId = parts[0]?.orderId
    const stale: Outcome = { outcome: 'ignored_stale', orderId, isOpen: OPEN.includes(payment.status) }

    if (payment.externalId === null) await learn(trx, payment, told)
    // another object under our reference, such as the charge that takes a reserved amount: only money counts
    if (told.externalId !== payment.externalId && told.status !== 'CAPTURED') return stale
    if (told.unheardOf !== undefined)
      await unheard(trx, gateway.name, told.unheardOf, { paymentId: payment.id })
    const wanted = wantedBy(told.status)
    if (wanted === undefined || wanted === payment.status || !canMove(payment.status, wanted)) return stale
    const differences = wanted === 'FAILED' ? [] : differencesOf(payment, told, gateway, accepted)
    if (differences.length > 0) {
      await hold(trx, payment, differences)
      return { outcome: 'held_for_review', orderId }
    }
    if (wanted === 'CAPTURED') await capture(trx, payment, told, parts, locked)
    else if (wanted === 'AUTHORIZED') await authorize(trx, payment, parts, locked)
    else
      await move(trx, payment, wanted, `payment_${wanted.toLowerCase()}`, { failureCode: told.failureCode })
    if (wanted === 'FAILED') await payment.$query(trx).patch({ failureCode: told.failureCode ?? null })
    return { outcome: 'applied', orderId }
  }

  async function learn(trx: Trx, payment: Payment, told: ProviderPayment): Promise<void> {
    await payment.$query(trx).patch({
      externalId: told.externalId,
      redirectUrl: told.redirectUrl ?? null,
      fields: told.fields ?? null,
    })
  }

  async function capture(
    trx: Trx,
    payment: Payment,
    { captureId }: ProviderPayment,
    parts: PaymentAllocation[],
    locked: readonly Order[],
  ): Promise<void> {
    const orderIds = parts.map(part => part.orderId)
    const details = { amountHalalas: payment.amountHalalas, orders: orderIds }
    const also = { capturedAt: clock.now(), captureId: captureId ?? null, captureAskedAt: null }
    await move(trx, payment, 'CAPTURED', 'payment_completed', details, also)
    const paid = locked.filter(order => orderIds.includes(order.id))
    const { refused } = await orders.payments.acceptMoney(trx, paid)
    for (const part of parts.filter(part => refused.includes(part.orderId))) {
      await refunds.requestRefund(trx, part, LATE)
    }
  }

  /** The amount is reserved. It is taken while its orders wait for it, and let go where none does any more. */
  async function authorize(
    trx: Trx,
    payment: Payment,
    parts: PaymentAllocation[],
    locked: readonly Order[],
  ): Promise<void> {
    await move(trx, payment, 'AUTHORIZED', 'payment_authorized', {})
    const orderIds = parts.map(part => part.orderId)
    const areWaiting = await orders.payments.holdOn(
      trx,
      locked.filter(order => orderIds.includes(order.id)),
    )
    await outbox.add(trx, areWaiting ? 'capture_due' : 'void_due', { paymentId: payment.id })
  }

  /** Not what we asked for: a person decides. Nothing is paid by it, and nobody is asked to pay again meanwhile. */
  async function hold(trx: Trx, payment: Payment, differences: string[]): Promise<void> {
    if (canMove(payment.status, 'UNDER_REVIEW'))
      await move(trx, payment, 'UNDER_REVIEW', 'payment_held_for_review', { differences })
    await alerts.raise(trx, {
      key: reviewOf(payment.id),
      kind: 'payment_mismatch',
      severity: 'critical',
      summary: `Payment ${payment.id} is not what was asked for: ${differences.join(', ')}.`,
      details: { paymentId: payment.id, differences },
    })
  }

  /** A word of the provider's that our tables lack decides nothing: somebody must find out what it means. */
  async function unheard(
    trx: Trx,
    provider: string,
    word: string,
    about: Record<string, string>,
  ): Promise<void> {
    await alerts.raise(trx, {
      key: `provider_word_unheard:${provider}:${word}`,
      kind: 'provider_word_unheard',
      severity: 'warning',
      summary: `${provider} says ${word}, and nobody here knows what that means: what it is said of stays as it is.`,
      details: { provider, word, ...about },
    })
  }

  async function move(
    trx: Trx,
    payment: Payment,
    status: PaymentStatus,
    action: string,
    details: Record<string, unknown>,
    also: Partial<Pick<Payment, 'capturedAt' | 'captureId' | 'captureAskedAt' | 'refundedHalalas'>> = {},
  ): Promise<void> {
    if (payment.status === 'UNDER_REVIEW') await alerts.end(trx, reviewOf(payment.id))
    await payment.$query(trx).patch({ ...also, status, updatedAt: clock.now() })
    await audit.record(trx, self, action, { type: 'payment', id: payment.id }, details)
  }
}

const self = system('payments')
const LATE = 'The order could no longer be fulfilled when the payment arrived.'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const reviewOf = (paymentId: string) => `payment_mismatch:${paymentId}`

/** By the provider's ids; or by the reference we sent: where its answer was lost, or for another object it made of it. */
async function find(trx: Trx, provider: string, told: ProviderPayment): Promise<Payment | undefined> {
  const byId = await Payment.query(trx)
    .where({ provider })
    .where(id => id.where({ external_id: told.externalId }).orWhere({ capture_id: told.externalId }))
    .first()
  if (byId || told.reference === undefined || !UUID.test(told.reference)) return byId
  return Payment.query(trx).findById(told.reference).where({ provider })
}
