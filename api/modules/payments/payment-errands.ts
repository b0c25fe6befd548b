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
        const told = (await madeBefore(provider, refund, payment)) ?? (await ask(provider, refund, payment))
        if (told === undefined) return
        await db.transaction(trx => settlement.refund(trx, provider, told))
      } catch (error) {
        if (!isRefusal(error)) throw error
        await settlement.giveUpRefund(refund.id, String(error.details.providerCode))
      }
    },
  }

  /**
   * Asks for it, and notes before that it does. A second capture is read anew first, however often it was asked for:
   * undefined where it is not to go back any more, which is then given up.
   */
  async function ask(
    provider: Gateway,
    refund: Refund,
    payment: Payment,
  ): Promise<ProviderRefund | undefined> {
    if (refund.captureId !== null) {
      const changed = await changedSince(provider, payment, refund.captureId)
      if (changed !== undefined) {
        // a time before may have been heard, and be why it reads otherwise now
        const made = refund.askedAt && (await provider.findRefund(refundHandle(refund, payment)))
        if (!made) await settlement.giveUpRefund(refund.id, changed.why, changed.money)
        return made ?? undefined
      }
    }
    // what a provider repeats for us it knows from the first time on
    if (!isRepeatable(provider, refund)) {
      const noted = await Refund.query(db)
        .findById(refund.id)
        .where({ asked_at: refund.askedAt })
        .patch({ askedAt: clock.now() })
      if (noted === 0) throw notCertain(refund.id)
    }
    return provider.refund({
      reference: refund.id,
      payment: moneyOf(refund, payment),
      amount: refund.amountHalalas,
      reason: refund.reason,
      webhookUrl: webhookUrl(provider.name),
    })
  }

  /** Undefined where a second capture is still what it was, and not the money that paid the order; else why not. */
  async function changedSince(
    provider: Gateway,
    payment: Payment,
    captureId: string,
  ): Promise<{ why: string; money: 'owed' | 'gone' } | undefined> {
    const told = await provider.getCapture(payment.handle, captureId)
    if (told.status === 'UNKNOWN') throw notCertain(captureId)
    if (told.status !== 'CAPTURED')
      return {
        why: `is ${told.status}`,
        money: told.status === 'VOIDED' || told.status === 'FAILED' ? 'gone' : 'owed',
      }
    if (captureOf(told) !== captureId || !isSecondCapture(payment, told))
      return { why: 'is another', money: 'owed' }
    const differences = differencesOf(payment, told, provider)
    return differences.length > 0 ? { why: `differs in ${differences.join(', ')}`, money: 'owed' } : undefined
  }

  /** The refund of an earlier try, or undefined where it may be asked for now. */
  async function madeBefore(
    provider: Gateway,
    refund: Refund,
    payment: Payment,
  ): Promise<ProviderRefund | undefined> {
    if (refund.askedAt === null || isRepeatable(provider, refund)) return undefined
    const made = await provider.findRefund(refundHandle(refund, payment))
    if (!made && after(refund.askedAt, SETTLING_MS) > clock.now()) throw notCertain(refund.id)
    return made
  }

  /** Whether the provider still knows that it was asked. */
  function isRepeatable(provider: Gateway, { askedAt }: Refund): boolean {
    return askedAt !== null && after(askedAt, provider.can.repeatableMs) > clock.now()
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
