import { system } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import { halalas } from '../../platform/money.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Order } from '../orders/order.js'
import type { OrderService } from '../orders/order-service.js'
import type { Gateway, ProviderPayment, ProviderRefund } from './gateways/gateway.js'
import { Payment, PaymentAllocation, Refund } from './payment.js'
import { canMove, OPEN, type PaymentStatus, wantedBy } from './payment-states.js'

/** What an event came to: kept beside it, for the operator. */
export type Outcome = {
  outcome: 'applied' | 'ignored_stale' | 'ignored_unknown' | 'held_for_review'
  orderId?: string | undefined
  /** Our side still waits for an end. */
  isOpen?: boolean
}

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  outbox: Outbox
  orders: OrderService
  logger: Logger
}

/** Brings what a provider says of a payment or refund into our books. Inside the caller's transaction; repeatable. */
export function createSettlement({ db, clock, audit, outbox, orders, logger }: Deps) {
  return {
    async payment(trx: Trx, gateway: Gateway, told: ProviderPayment): Promise<Outcome> {
      const known = await find(trx, gateway.name, told)
      if (!known) return { outcome: 'ignored_unknown' }
      const locked = await orders.payments.lock(trx, known.checkoutId)
      const payment = (await Payment.query(trx).findById(known.id).forUpdate()) as Payment
      const parts = await PaymentAllocation.query(trx).where({ payment_id: payment.id }).orderBy('order_id')
      const orderId = parts[0]?.orderId
      if (payment.externalId === null)
        await payment
          .$query(trx)
          .patch({ externalId: told.externalId, redirectUrl: told.redirectUrl ?? null })

      const wanted = wantedBy(told.status)
      if (wanted === undefined || wanted === payment.status || !canMove(payment.status, wanted))
        return { outcome: 'ignored_stale', orderId, isOpen: OPEN.includes(payment.status) }
      const differences = wanted === 'FAILED' ? [] : mismatch(payment, told, gateway)
      if (differences.length > 0) {
        if (canMove(payment.status, 'UNDER_REVIEW'))
          await move(trx, payment, 'UNDER_REVIEW', 'payment_held_for_review', { differences })
        logger.error('payment_mismatch', { paymentId: payment.id, differences })
        return { outcome: 'held_for_review', orderId }
      }
      if (wanted === 'CAPTURED') await capture(trx, payment, parts, locked)
      else
        await move(trx, payment, wanted, `payment_${wanted.toLowerCase()}`, { failureCode: told.failureCode })
      if (wanted === 'FAILED') await payment.$query(trx).patch({ failureCode: told.failureCode ?? null })
      return { outcome: 'applied', orderId }
    },

    async refund(trx: Trx, told: ProviderRefund): Promise<Outcome> {
      const known = await findRefund(trx, told)
      if (!known) return { outcome: 'ignored_unknown' }
      const { checkoutId } = (await Payment.query(trx).findById(known.paymentId)) as Payment
      await orders.payments.lock(trx, checkoutId)
      const payment = (await Payment.query(trx).findById(known.paymentId).forUpdate()) as Payment
      const refund = (await Refund.query(trx).findById(known.id).forUpdate()) as Refund
      const { orderId } = refund
      if (refund.externalId === null) await refund.$query(trx).patch({ externalId: told.externalId })
      if (refund.status === 'REFUNDED' || told.status === 'UNKNOWN' || told.status === refund.status)
        return { outcome: 'ignored_stale', orderId, isOpen: refund.status !== 'REFUNDED' }
      if (told.amount !== refund.amountHalalas || told.chargeId !== payment.externalId) {
        logger.error('refund_mismatch', { refundId: refund.id, amount: told.amount, chargeId: told.chargeId })
        return { outcome: 'held_for_review', orderId }
      }
      await refund.$query(trx).patch({
        status: told.status,
        failureCode: told.failureCode ?? null,
        refundedAt: told.status === 'REFUNDED' ? clock.now() : null,
      })
      if (told.status === 'REFUNDED') await complete(trx, payment, refund)
      if (told.status === 'FAILED')
        logger.error('refund_failed', { refundId: refund.id, code: told.failureCode })
      return { outcome: 'applied', orderId }
    },

    requestRefund,

    /** The provider will not send this money back, or nobody knows whether it did: a person must look. */
    async giveUpRefund(refundId: string, failureCode: string): Promise<void> {
      await db.transaction(async trx => {
        const refund = await Refund.query(trx).findById(refundId).forUpdate()
        if (!refund || refund.status === 'REFUNDED' || refund.status === 'FAILED') return
        await refund.$query(trx).patch({ status: 'FAILED', failureCode })
        const object = { type: 'refund', id: refundId, orderId: refund.orderId }
        await audit.record(trx, self, 'refund_failed', object, { failureCode })
      })
      logger.error('refund_failed', { refundId, code: failureCode })
    },
  }

  async function capture(
    trx: Trx,
    payment: Payment,
    parts: PaymentAllocation[],
    locked: readonly Order[],
  ): Promise<void> {
    const orderIds = parts.map(part => part.orderId)
    const details = { amountHalalas: payment.amountHalalas, orders: orderIds }
    await move(trx, payment, 'CAPTURED', 'payment_completed', details, { capturedAt: clock.now() })
    const paid = locked.filter(order => orderIds.includes(order.id))
    const { refused } = await orders.payments.acceptMoney(trx, paid)
    for (const part of parts.filter(part => refused.includes(part.orderId))) {
      await requestRefund(trx, part, LATE)
    }
  }

  /** Money of this payment that an order cannot keep: written down, and sent back after the commit. Once an order. */
  async function requestRefund(
    trx: Trx,
    { paymentId, orderId, amountHalalas }: PaymentAllocation,
    reason: string,
  ): Promise<void> {
    const id = newId()
    const added = await trx('refunds')
      .insert({
        id,
        payment_id: paymentId,
        order_id: orderId,
        amount_halalas: amountHalalas,
        reason,
        created_at: clock.now(),
      })
      .onConflict(['payment_id', 'order_id'])
      .ignore()
      .returning('id')
    if (added.length === 0) return
    await audit.record(
      trx,
      self,
      'refund_requested',
      { type: 'refund', id, orderId },
      { amountHalalas, reason },
    )
    await outbox.add(trx, 'refund_requested', { refundId: id })
  }

  async function complete(trx: Trx, payment: Payment, refund: Refund): Promise<void> {
    const refunded = halalas(payment.refundedHalalas + refund.amountHalalas)
    const status: PaymentStatus = refunded === payment.amountHalalas ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    const details = { refundId: refund.id, amountHalalas: refund.amountHalalas }
    await move(trx, payment, status, 'refund_completed', details, { refundedHalalas: refunded })
    if (await isAllBack(trx, refund.orderId)) await orders.payments.noteRefund(trx, refund.orderId)
    await outbox.add(trx, 'refund_completed', { refundId: refund.id })
  }

  async function move(
    trx: Trx,
    payment: Payment,
    status: PaymentStatus,
    action: string,
    details: Record<string, unknown>,
    also: Partial<Pick<Payment, 'capturedAt' | 'refundedHalalas'>> = {},
  ): Promise<void> {
    await payment.$query(trx).patch({ ...also, status, updatedAt: clock.now() })
    await audit.record(trx, self, action, { type: 'payment', id: payment.id }, details)
  }
}

const self = system('payments')
const LATE = 'The order could no longer be fulfilled when the payment arrived.'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** By the provider's id; or, where its answer to our request was lost, by the reference we sent. */
async function find(trx: Trx, provider: string, told: ProviderPayment): Promise<Payment | undefined> {
  const byId = await Payment.query(trx).findOne({ provider, external_id: told.externalId })
  if (byId || told.reference === undefined || !UUID.test(told.reference)) return byId
  return Payment.query(trx).findById(told.reference).where({ provider }).whereNull('external_id')
}

/** The same for a refund. One made at the provider's own desk carries a reference that is not ours. */
async function findRefund(trx: Trx, told: ProviderRefund): Promise<Refund | undefined> {
  const byId = await Refund.query(trx).findOne({ external_id: told.externalId })
  if (byId || told.reference === undefined || !UUID.test(told.reference)) return byId
  return Refund.query(trx).findById(told.reference).whereNull('external_id')
}

/** Whether nothing that was captured for an order is still with us: it may have been paid twice. */
async function isAllBack(trx: Trx, orderId: string): Promise<boolean> {
  const kept = await PaymentAllocation.query(trx)
    .join('payments', 'payments.id', 'payment_allocations.payment_id')
    .leftJoin('refunds', refund =>
      refund
        .on('refunds.payment_id', 'payment_allocations.payment_id')
        .andOn('refunds.order_id', 'payment_allocations.order_id'),
    )
    .where('payment_allocations.order_id', orderId)
    .whereIn('payments.status', ['CAPTURED', 'PARTIALLY_REFUNDED'])
    .whereRaw("refunds.status is distinct from 'REFUNDED'")
    .resultSize()
  return kept === 0
}

/** The names of what the provider's object and our payment disagree on. */
function mismatch(payment: Payment, told: ProviderPayment, gateway: Gateway): string[] {
  const checks = {
    amount: told.amount === payment.amountHalalas,
    currency: told.currency === 'SAR',
    reference: told.reference === payment.id,
    mode: told.isLive === gateway.isLive,
  }
  return Object.entries(checks)
    .filter(([, agrees]) => !agrees)
    .map(([name]) => name)
}
