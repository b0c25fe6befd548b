import { system } from '../../platform/actor.js'
import type { Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import { halalas } from '../../platform/money.js'
import type { Gateway, ProviderRefund } from './gateways/gateway.js'
import { Payment, PaymentAllocation, Refund } from './payment.js'
import type { Outcome, SettlementDeps } from './payment-settlement.js'
import { canRefundMove, type PaymentStatus } from './payment-states.js'
import { stayed, twiceAlert, twiceOf } from './second-capture-alert.js'

type Deps = SettlementDeps & {
  move(
    trx: Trx,
    payment: Payment,
    status: PaymentStatus,
    action: string,
    details: Record<string, unknown>,
    also: Partial<Pick<Payment, 'refundedHalalas'>>,
  ): Promise<void>
  unheard(trx: Trx, provider: string, word: string, about: Record<string, string>): Promise<void>
}

/** Money on its way back, in our books. Inside the caller's transaction, but for what is given up; repeatable. */
export function createRefundSettlement({ db, clock, audit, outbox, orders, alerts, move, unheard }: Deps) {
  return {
    async refund(trx: Trx, gateway: Gateway, told: ProviderRefund): Promise<Outcome> {
      const known = await find(trx, gateway.name, told)
      if (!known) return { outcome: 'ignored_unknown' }
      const { checkoutId } = (await Payment.query(trx).findById(known.paymentId)) as Payment
      await orders.payments.lock(trx, checkoutId)
      const payment = (await Payment.query(trx).findById(known.paymentId).forUpdate()) as Payment
      const refund = (await Refund.query(trx).findById(known.id).forUpdate()) as Refund
      const orderId = refund.orderId ?? (await firstOrderOf(trx, payment.id))
      if (refund.externalId === null) await refund.$query(trx).patch({ externalId: told.externalId })
      if (told.unheardOf !== undefined)
        await unheard(trx, gateway.name, told.unheardOf, { refundId: refund.id })
      if (told.status === 'UNKNOWN' || !canRefundMove(refund.status, told.status))
        return { outcome: 'ignored_stale', orderId, isOpen: refund.status !== 'REFUNDED' }
      if (
        told.amount !== gateway.asked(refund.amountHalalas) ||
        told.chargeId !== (refund.captureId ?? payment.captureId ?? payment.externalId)
      ) {
        await alerts.raise(trx, {
          key: `refund_mismatch:${refund.id}`,
          kind: 'refund_mismatch',
          severity: 'critical',
          summary: `Refund ${refund.id} is not what was asked for.`,
          details: { refundId: refund.id, amount: told.amount, chargeId: told.chargeId },
        })
        return { outcome: 'held_for_review', orderId }
      }
      await refund.$query(trx).patch({
        status: told.status,
        failureCode: told.failureCode ?? null,
        refundedAt: told.status === 'REFUNDED' ? clock.now() : null,
      })
      if (told.status === 'REFUNDED') await complete(trx, payment, refund)
      if (told.status === 'FAILED') await tellFailed(trx, payment, refund, told.failureCode)
      return { outcome: 'applied', orderId }
    },

    /** Money of this payment that an order cannot keep: written down, and sent back after the commit. Once an order. */
    async requestRefund(
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
      const object = { type: 'refund', id, orderId }
      await audit.record(trx, self, 'refund_requested', object, { amountHalalas, reason })
      await outbox.add(trx, 'refund_requested', { refundId: id })
    },

    /** The provider will not send this money back: a person must look. `gone`: nothing is here to be sent. */
    async giveUpRefund(
      refundId: string,
      failureCode: string,
      money: 'owed' | 'gone' = 'owed',
    ): Promise<void> {
      await db.transaction(async trx => {
        const refund = await Refund.query(trx).findById(refundId).forUpdate()
        if (!refund || refund.status === 'REFUNDED' || refund.status === 'FAILED') return
        await refund.$query(trx).patch({ status: 'FAILED', failureCode })
        const payment = (await Payment.query(trx).findById(refund.paymentId)) as Payment
        await tellFailed(trx, payment, refund, failureCode, money)
      })
    },
  }

  async function tellFailed(
    trx: Trx,
    payment: Payment,
    { id, orderId, captureId }: Refund,
    failureCode: string | undefined,
    money: 'owed' | 'gone' = 'owed',
  ): Promise<void> {
    const object = { type: 'refund', id, ...(orderId === null ? {} : { orderId }) }
    await audit.record(trx, self, 'refund_failed', object, { failureCode })
    const why = failureCode ?? 'no reason given'
    const ofSecond = `${captureId}, a second capture of payment ${payment.id}`
    const summary =
      captureId === null
        ? `Refund ${id} failed (${why}): the buyer waits for the money.`
        : money === 'owed'
          ? `Refund ${id} of ${ofSecond}, failed (${why}): see at the provider, and send back there what is still here.`
          : `Refund ${id} was not asked for: ${ofSecond}, ${why}, so nothing is to be sent back.`
    await alerts.raise(trx, {
      key: failedOf(id),
      kind: 'refund_failed',
      severity: money === 'owed' ? 'critical' : 'warning',
      summary,
      details: { refundId: id, paymentId: payment.id, orderId, captureId, failureCode },
    })
    if (captureId === null) return
    if (money === 'gone') await alerts.end(trx, twiceOf(payment.id, captureId))
    else await alerts.raise(trx, twiceAlert(payment, captureId, stayed(id, why)))
  }

  async function complete(trx: Trx, payment: Payment, refund: Refund): Promise<void> {
    await alerts.end(trx, failedOf(refund.id))
    if (refund.orderId === null) await completeSecond(trx, payment, refund)
    else await completeOrders(trx, payment, refund, refund.orderId)
  }

  /** The payment and its orders are as they were: that money was never theirs. */
  async function completeSecond(trx: Trx, { id: paymentId }: Payment, refund: Refund): Promise<void> {
    const { id, captureId, amountHalalas } = refund
    const details = { paymentId, captureId, amountHalalas }
    await audit.record(trx, self, 'second_capture_refunded', { type: 'refund', id }, details)
    await alerts.end(trx, twiceOf(paymentId, String(captureId)))
  }

  async function completeOrders(trx: Trx, payment: Payment, refund: Refund, orderId: string): Promise<void> {
    const refunded = halalas(payment.refundedHalalas + refund.amountHalalas)
    const status: PaymentStatus = refunded === payment.amountHalalas ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    const details = { refundId: refund.id, amountHalalas: refund.amountHalalas }
    await move(trx, payment, status, 'refund_completed', details, { refundedHalalas: refunded })
    if (await isAllBack(trx, orderId)) await orders.payments.noteRefund(trx, orderId)
    await outbox.add(trx, 'refund_completed', { refundId: refund.id })
  }
}

const self = system('payments')
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const failedOf = (refundId: string) => `refund_failed:${refundId}`

/** By the provider's id, or by ours where its answer was lost. One made at the provider's own desk carries a reference that is not ours. */
async function find(trx: Trx, provider: string, told: ProviderRefund): Promise<Refund | undefined> {
  const ofProvider = Payment.query(trx).where({ provider }).select('id')
  const byId = await Refund.query(trx)
    .findOne({ external_id: told.externalId })
    .whereIn('payment_id', ofProvider.clone())
  if (byId || told.reference === undefined || !UUID.test(told.reference)) return byId
  // the answer that names it may have been written since the look above
  return Refund.query(trx)
    .findById(told.reference)
    .where(id => id.whereNull('external_id').orWhere({ external_id: told.externalId }))
    .whereIn('payment_id', ofProvider.clone())
}

async function firstOrderOf(trx: Trx, paymentId: string): Promise<string | undefined> {
  const part = await PaymentAllocation.query(trx).where({ payment_id: paymentId }).orderBy('order_id').first()
  return part?.orderId
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
