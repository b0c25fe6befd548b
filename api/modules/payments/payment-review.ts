import type { Actor } from '../../platform/actor.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { AuditService } from '../audit/audit-service.js'
import { Payment } from './payment.js'
import type { createSettlement, Outcome } from './payment-settlement.js'
import type { PaymentStatus } from './payment-states.js'
import type { createUpkeep } from './payment-upkeep.js'

type Deps = {
  db: Db
  audit: AuditService
  upkeep: ReturnType<typeof createUpkeep>
  settlement: ReturnType<typeof createSettlement>
}

/** What a person decides about a payment that was held for review. */
export function createReview({ db, audit, upkeep, settlement }: Deps) {
  return {
    /**
     * Asks the provider again and takes its money where it wanted a person to look. One whose amount, currency,
     * reference or mode differs from ours stays held: nobody's word makes it another sum.
     */
    async accept(id: string, reason: string, actor: Actor): Promise<Payment> {
      const payment = await held(id)
      const outcome: Outcome | undefined = await upkeep.refresh(payment, 'accepted')
      const after = (await Payment.query(db).findById(id)) as Payment
      await db.transaction(trx =>
        audit.record(
          trx,
          actor,
          'payment_review_accepted',
          { type: 'payment', id },
          { reason, outcome: outcome?.outcome ?? 'unknown_to_provider', paymentStatus: after.status },
        ),
      )
      if (after.status === 'UNDER_REVIEW')
        throw new AppError(
          'conflict',
          'payments.still_held',
          `Payment ${id} is still not what was asked for: put it right at the provider, or send the money back there.`,
          { paymentId: id },
        )
      return after
    },

    /** The money was sent back at the provider's own desk, or never was ours: the checkout may be paid anew. */
    async closeReview(id: string, reason: string, actor: Actor): Promise<Payment> {
      await held(id)
      return db.transaction(async trx => {
        const payment = (await Payment.query(trx).findById(id).forUpdate()) as Payment
        assertHeld(payment.status, id)
        await settlement.closeReviewed(trx, payment, { reason })
        await audit.record(trx, actor, 'payment_review_refused', { type: 'payment', id }, { reason })
        return (await Payment.query(trx).findById(id)) as Payment
      })
    },
  }

  async function held(id: string): Promise<Payment> {
    const payment = await Payment.query(db).findById(id)
    if (!payment) throw notFound('payment', id)
    assertHeld(payment.status, id)
    return payment
  }
}

function assertHeld(status: PaymentStatus, id: string): void {
  if (status === 'UNDER_REVIEW') return
  throw new AppError(
    'conflict',
    'payments.not_held',
    `Payment ${id} is ${status}: nothing is to be decided.`,
    {
      paymentStatus: status,
    },
  )
}
