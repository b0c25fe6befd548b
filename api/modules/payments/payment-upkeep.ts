import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'
import type { Gateway, ProviderPayment } from './gateways/gateway.js'
import { Payment, Refund } from './payment.js'
import { refundHandle } from './payment-errands.js'
import type { createOpening } from './payment-opening.js'
import type { createSettlement, Outcome } from './payment-settlement.js'
import { UNSETTLED } from './payment-states.js'

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  opening: ReturnType<typeof createOpening>
  settlement: ReturnType<typeof createSettlement>
  gateway(name: string): Gateway
}

/** Asks providers about what they told us nothing of: a page that was left, an event that got lost. */
export function createUpkeep({ db, clock, logger, opening, settlement, gateway }: Deps) {
  return {
    refresh,
    refreshRefund,
    bringIn,

    /** Payments past their time. One that never reached the provider is given up. Returns how many it looked at. */
    async refreshOverdue(limit = 100): Promise<number> {
      const overdue = await Payment.query(db)
        .whereIn('status', [...UNSETTLED])
        .where('expires_at', '<=', clock.now())
        .orderBy('updated_at')
        .limit(limit)
      for (const payment of overdue) {
        try {
          await refresh(payment)
        } catch (error) {
          logger.warn('payment_refresh_failed', { paymentId: payment.id, error })
        }
        // to the end of the line, so that one that stays open does not keep the others from their turn
        await payment.$query(db).patch({ updatedAt: clock.now() })
      }
      return overdue.length
    },

    /** Refunds the provider took and has not finished. */
    async refreshRefunds(limit = 100): Promise<number> {
      const waiting = await Refund.query(db)
        .where({ status: 'PENDING' })
        .whereNotNull('external_id')
        .where('created_at', '<', after(clock.now(), -minutes(5)))
        .orderBy('created_at', 'desc')
        .limit(limit)
      for (const refund of waiting) {
        try {
          await refreshRefund(refund)
        } catch (error) {
          logger.warn('refund_refresh_failed', { refundId: refund.id, error })
        }
      }
      return waiting.length
    },
  }

  /** Whatever the provider says now; by our own id where it never got to tell us its. Undefined: it knows nothing of it. */
  async function refresh(
    payment: Payment,
    accepted: 'accepted' | undefined = undefined,
  ): Promise<Outcome | undefined> {
    const provider = gateway(payment.provider)
    const told =
      payment.externalId === null
        ? await provider.findByReference(payment.handle)
        : await provider.getPayment(payment.handle)
    if (told) return bringIn(payment, told, accepted)
    await opening.giveUp(payment, 'never_started')
    return undefined
  }

  /** What its provider was just heard to say. */
  async function bringIn(
    { provider }: Payment,
    told: ProviderPayment,
    accepted: 'accepted' | undefined = undefined,
  ): Promise<Outcome> {
    return db.transaction(trx => settlement.payment(trx, gateway(provider), told, accepted))
  }

  async function refreshRefund(refund: Refund): Promise<Outcome | undefined> {
    const payment = (await Payment.query(db).findById(refund.paymentId)) as Payment
    const provider = gateway(payment.provider)
    const handle = refundHandle(refund, payment)
    const told =
      refund.externalId === null
        ? await provider.findRefund(handle)
        : await provider.getRefund({ ...handle, externalId: refund.externalId })
    return told && db.transaction(trx => settlement.refund(trx, provider, told))
  }
}
