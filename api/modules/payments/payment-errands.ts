import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuthService } from '../auth/auth-service.js'
import {
  type Gateway,
  isRefusal,
  type PaymentHandle,
  type ProviderRefund,
  type RefundHandle,
} from './gateways/gateway.js'
import { Payment, Refund } from './payment.js'
import { captureOf, differencesOf, isSecondCapture } from './payment-comparison.js'
import type { createSettlement } from './payment-settlement.js'

/** An operation whose answer got lost shows up at the provider within this time, or was never done. */
const SETTLING_MS = minutes(5)

type Deps = {
  db: Db
  clock: Clock
  auth: AuthService
  alerts: AlertService
  settlement: ReturnType<typeof createSettlement>
  gateway(name: string): Gateway
  webhookUrl(provider: string): string
}

/**
 * What the outbox has the provider do: take what was reserved, let it go, send money back. Each may be called any
 * number of times, and happens once: a provider that knows our references is asked again, one that does not is
 * first asked what became of the time before.
 */
export function createErrands({ db, clock, auth, alerts, settlement, gateway, webhookUrl }: Deps) {
  return {
    async performCapture(paymentId: string): Promise<void> {
      const payment = await Payment.query(db).findById(paymentId)
      if (payment?.status !== 'AUTHORIZED') return
      const provider = gateway(payment.provider)
      if (!(await mayAsk(provider, payment))) return
      const { name, email, phone } = await auth.findUser(payment.buyerId)
      try {
        const told = await provider.capture({
          ...payment.handle,
          amount: payment.amountHalalas,
          customer: { name, email, phone },
          webhookUrl: webhookUrl(provider.name),
        })
        await db.transaction(trx => settlement.payment(trx, provider, told))
        if (told.status !== 'CAPTURED') throw notCertain(payment.id)
      } catch (error) {
        if (!isRefusal(error)) throw error
        // the provider let it go, or took it before: what it says now is what counts
        await read(provider, payment)
        await db.transaction(trx => reportRefusal(trx, payment, String(error.details.providerCode)))
      }
    },

    async performVoid(paymentId: string): Promise<void> {
      const payment = await Payment.query(db).findById(paymentId)
      if (payment?.status !== 'AUTHORIZED') return
      const provider = gateway(payment.provider)
      if (!(await mayAsk(provider, payment))) return
      const told = await provider.void(payment.handle).catch(error => {
        if (!isRefusal(error)) throw error
        return provider.getPayment(payment.handle)
      })
      await db.transaction(trx => settlement.payment(trx, provider, told))
      if (told.status === 'AUTHORIZED' || told.status === 'UNKNOWN') throw notCertain(payment.id)
    },

    /** Asks the provider to send money back. */
    async performRefund(refundId: string): Promise<void> {
      const refund = await Refund.query(db).findById(refundId)
      // what the provider declined for good needs a person: the same reference would get the same answer
      if (!refund || refund.status === 'REFUNDED' || refund.status === 'FAILED') return
      const payment = await Payment.query(db).findById(refund.paymentId)
      if (!payment?.externalId) throw new Error(`refund ${refundId} belongs to a payment without a charge`)
      const provider = gateway(payment.provider)
      try {
        if (refund.captureId !== null && refund.askedAt === null) {
          const wrong = await changedSince(provider, payment, refund.captureId)
          if (wrong !== undefined) return settlement.giveUpRefund(refund.id, wrong)
        }
        const told = (await madeBefore(provider, refund, payment)) ?? (await ask(provider, refund, payment))
        await db.transaction(trx => settlement.refund(trx, provider, told))
      } catch (error) {
        if (!isRefusal(error)) throw error
        await settlement.giveUpRefund(refund.id, String(error.details.providerCode))
      }
    },
  }

  /**
   * Reads a second capture anew before it goes back: undefined where it is still what it was, and not the money that
   * paid the order; else why not.
   */
  async function changedSince(
    provider: Gateway,
    payment: Payment,
    captureId: string,
  ): Promise<string | undefined> {
    const told = await provider.getCapture(payment.handle, captureId)
    if (told.status === 'UNKNOWN') throw notCertain(captureId)
    if (told.status !== 'CAPTURED') return `is ${told.status}`
    if (captureOf(told) !== captureId || !isSecondCapture(payment, told)) return 'is another'
    const differences = differencesOf(payment, told, provider)
    return differences.length > 0 ? `differs in ${differences.join(', ')}` : undefined
  }

  async function ask(provider: Gateway, refund: Refund, payment: Payment): Promise<ProviderRefund> {
    return provider.refund({
      reference: refund.id,
      payment: moneyOf(refund, payment),
      amount: refund.amountHalalas,
      reason: refund.reason,
      webhookUrl: webhookUrl(provider.name),
    })
  }

  /** The refund of an earlier try, or undefined where it may be asked for now; noted before it is. */
  async function madeBefore(
    provider: Gateway,
    refund: Refund,
    payment: Payment,
  ): Promise<ProviderRefund | undefined> {
    const now = clock.now()
    if (refund.askedAt !== null) {
      if (after(refund.askedAt, provider.can.repeatableMs) > now) return undefined
      const made = await provider.findRefund(refundHandle(refund, payment))
      if (made) return made
      if (after(refund.askedAt, SETTLING_MS) > now) throw notCertain(refund.id)
    }
    const noted = await Refund.query(db)
      .findById(refund.id)
      .where({ asked_at: refund.askedAt })
      .patch({ askedAt: now })
    if (noted === 0) throw notCertain(refund.id)
    return undefined
  }

  /** False where the provider's own word settled it. */
  async function mayAsk(provider: Gateway, payment: Payment): Promise<boolean> {
    if (provider.can.repeatableMs > 0) return true
    const now = clock.now()
    if (payment.captureAskedAt !== null) {
      if ((await read(provider, payment)) !== 'AUTHORIZED') return false
      if (after(payment.captureAskedAt, SETTLING_MS) > now) throw notCertain(payment.id)
    }
    const noted = await Payment.query(db)
      .findById(payment.id)
      .where({ capture_asked_at: payment.captureAskedAt, status: 'AUTHORIZED' })
      .patch({ captureAskedAt: now })
    if (noted === 0) throw notCertain(payment.id)
    return true
  }

  async function read(provider: Gateway, payment: Payment): Promise<string> {
    const told = await provider.getPayment(payment.handle)
    await db.transaction(trx => settlement.payment(trx, provider, told))
    return told.status
  }

  async function reportRefusal(trx: Trx, { id }: Payment, providerCode: string): Promise<void> {
    const left = await Payment.query(trx).findById(id)
    if (left?.status !== 'AUTHORIZED') return
    await alerts.raise(trx, {
      key: `capture_refused:${id}`,
      kind: 'capture_refused',
      severity: 'critical',
      summary: `The provider reserved the amount of payment ${id} and will not take it (${providerCode}).`,
      details: { paymentId: id, providerCode },
    })
  }
}

export const refundHandle = (refund: Refund, payment: Payment): RefundHandle => ({
  reference: refund.id,
  externalId: refund.externalId,
  payment: moneyOf(refund, payment),
  since: refund.askedAt ?? refund.createdAt,
})

/** A second capture is named by its own id, wherever a provider wants to know what money is meant. */
const moneyOf = ({ captureId }: Refund, { handle }: Payment): PaymentHandle =>
  captureId === null ? handle : { ...handle, captureId }

/** Not an error of anybody's: the outbox comes back to it. */
const notCertain = (id: string) =>
  new AppError('unavailable', 'payments.outcome_unknown', `The outcome of ${id} is not known yet.`, { id })
