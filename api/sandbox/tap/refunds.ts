import { AppError, notFound } from '../../platform/errors.js'
import { minorUnits } from './amount.js'
import { TapError } from './errors.js'
import { digits, tapId } from './ids.js'
import { pageOf } from './listing.js'
import { activity, newPost } from './new-payment.js'
import type { Deps } from './payments.js'
import { type RefundInput, readList, readRefund } from './requests.js'
import { refundResult } from './response-codes.js'
import type { TapCharge, TapRefund } from './types.js'

export type Refunds = ReturnType<typeof createRefunds>

export function createRefunds({ store, webhooks, clock }: Deps) {
  const now = () => clock.now().getTime()
  let areHeld = false

  function get(id: string): TapRefund {
    const refund = store.get('refund', id)
    if (!refund) throw new TapError('refund_id')
    return refund
  }

  /** What is on its way back already, including refunds the bank has not confirmed. */
  function refunded(charge: TapCharge): bigint {
    return store
      .newest('refund')
      .filter(refund => refund.charge_id === charge.id && ['PENDING', 'REFUNDED'].includes(refund.status))
      .reduce((total, { amount, currency }) => total + (minorUnits(amount, currency) ?? 0n), 0n)
  }

  function assertRefundable(charge: TapCharge, { amount, currency }: RefundInput): void {
    if (charge.currency !== currency) throw new TapError('currency')
    const captured = charge.status === 'CAPTURED' ? (minorUnits(charge.amount, currency) ?? 0n) : 0n
    const asked = minorUnits(amount, currency) ?? 0n
    if (refunded(charge) + asked > captured) throw new TapError('refund_exceeds')
  }

  return {
    get,

    create(body: unknown): TapRefund {
      const input = readRefund(body)
      const first = store.firstAnswer('refund', input.reference.idempotent, now())
      if (first) return first
      const charge = store.get('charge', input.charge_id)
      if (!charge) throw new TapError('charge_unknown')
      assertRefundable(charge, input)
      const refund = withResult(newRefund(input, charge, now()), areHeld ? '100' : '000', now())
      store.add(refund, now())
      webhooks.announce(refund)
      return refund
    },

    list(body: unknown) {
      const { page, ...about } = pageOf(store.newest('refund'), readList(body))
      return { ...about, refunds: page }
    },

    /** From now on refunds answer PENDING, as some banks make them, until `settle` decides them. */
    hold(held: boolean): void {
      areHeld = held
    },

    settle(id: string, code: string): TapRefund {
      const refund = store.get('refund', id)
      if (!refund) throw notFound('refund', id)
      if (refund.status !== 'PENDING') {
        const message = `Refund ${id} is ${refund.status} and cannot be decided again.`
        throw new AppError('conflict', 'sandbox.refund_decided', message, { id, status: refund.status })
      }
      const after = store.replace(withResult(refund, code, now()))
      webhooks.announce(after)
      return after
    },
  }
}

function newRefund(
  input: RefundInput,
  { reference }: TapCharge,
  at: number,
): Omit<TapRefund, 'status' | 'response'> {
  return {
    id: tapId('re'),
    object: 'refund',
    live_mode: false,
    api_version: 'V2',
    amount: input.amount,
    currency: input.currency,
    charge_id: input.charge_id,
    created: String(at),
    reason: input.reason,
    metadata: input.metadata,
    reference: { ...input.reference, payment: digits(22), gateway: reference.gateway },
    post: newPost(input.post),
    activities: [],
  }
}

function withResult(refund: Omit<TapRefund, 'status' | 'response'>, code: string, at: number): TapRefund {
  const { status, response } = refundResult(code)
  return {
    ...refund,
    status,
    response,
    activities: [...refund.activities, activity(response.message, status, refund, at)],
  }
}
