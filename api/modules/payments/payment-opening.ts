import { type Actor, requireUser, system } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import { sum } from '../../platform/money.js'
import type { AuditService } from '../audit/audit-service.js'
import type { OrderService } from '../orders/order-service.js'
import type { Method } from './gateways/gateway.js'
import { Payment, PaymentAllocation } from './payment.js'
import { OPEN } from './payment-states.js'

export type PayRequest = {
  checkoutId: string
  provider: string
  method: Method
  /** Reserve the amount, and take it once the orders are certain to get it. */
  authorizeFirst?: boolean | undefined
  returnUrl?: string | undefined
}
type Deps = { db: Db; clock: Clock; audit: AuditService; orders: OrderService }

/** Our side of a payment before the provider has a part in it. */
export function createOpening({ db, clock, audit, orders }: Deps) {
  return {
    /** Writes down what is due, allocated to its orders; or finds the payment that was begun for it. */
    async begin(request: PayRequest, actor: Actor, idempotencyId: string): Promise<Payment> {
      try {
        return await write(request, actor, idempotencyId)
      } catch (error) {
        if (!isUniqueViolation(error, 'payments_one_open')) throw error
        const open = await Payment.query(db)
          .where({ checkout_id: request.checkoutId })
          .whereIn('status', [...OPEN])
          .first()
        if (open && isToBeResumed(open, request)) return open
        throw new AppError(
          'conflict',
          'payments.already_open',
          'A payment page is open for this checkout.',
          { paymentId: open?.id },
          { cause: error },
        )
      }
    },

    /** One that the provider refused or never heard of. */
    async giveUp(payment: Payment, failureCode: string): Promise<void> {
      await db.transaction(async trx => {
        const changed = await payment
          .$query(trx)
          .whereIn('status', [...OPEN])
          .whereNull('external_id')
          .patch({ status: 'FAILED', failureCode, updatedAt: clock.now() })
        if (changed === 0) return
        const object = { type: 'payment', id: payment.id }
        await audit.record(trx, system('payments'), 'payment_failed', object, { failureCode })
      })
    },
  }

  async function write(request: PayRequest, actor: Actor, idempotencyId: string): Promise<Payment> {
    return db.transaction(async trx => {
      // locks the checkout's orders, so that two attempts to pay them wait for one another here
      const { orders: due, payBy } = await orders.payments.due(trx, request.checkoutId, actor)
      await refuseUnderReview(trx, request.checkoutId)
      const payment = await Payment.query(trx)
        .insert({
          checkoutId: request.checkoutId,
          buyerId: requireUser(actor).id,
          idempotencyId,
          provider: request.provider,
          method: request.method,
          authorizeFirst: request.authorizeFirst ?? false,
          returnUrl: request.returnUrl ?? null,
          amountHalalas: sum(due.map(order => order.totalHalalas)),
          expiresAt: payBy,
        })
        .returning('*')
      for (const order of due) {
        await PaymentAllocation.query(trx).insert({
          paymentId: payment.id,
          orderId: order.id,
          amountHalalas: order.totalHalalas,
        })
      }
      const object = { type: 'payment', id: payment.id }
      await audit.record(trx, actor, 'payment_initiated', object, { amountHalalas: payment.amountHalalas })
      return payment
    })
  }
}

/** Money may be here already: nobody is asked to pay the same again before that is known. */
async function refuseUnderReview(trx: Trx, checkoutId: string): Promise<void> {
  const held = await Payment.query(trx).findOne({ checkout_id: checkoutId, status: 'UNDER_REVIEW' })
  if (!held) return
  throw new AppError(
    'conflict',
    'payments.under_review',
    'A payment of this checkout is being looked into.',
    {
      paymentId: held.id,
    },
  )
}

/** Begun, but the provider's answer never came: the same wish under a new key goes on with it instead of waiting for its end. */
function isToBeResumed(open: Payment, { provider, method, authorizeFirst = false }: PayRequest): boolean {
  const isSame =
    open.provider === provider && open.method === method && open.authorizeFirst === authorizeFirst
  return open.externalId === null && isSame
}
