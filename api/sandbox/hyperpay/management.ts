import { minorUnits } from '../tap/amount.js'
import { type Deps, operationId } from './checkouts.js'
import type { ManagementInput } from './forms.js'
import { APPROVED, HyperpayError, isApproved, isPending, resultOf } from './results.js'
import type { Operation, PaymentType } from './types.js'

export type Management = ReturnType<typeof createManagement>

/** What may be done to what, and what is said where it may not. */
const RULES = {
  CP: { to: ['PA'], refusal: '700.400.100' },
  RF: { to: ['DB', 'CP'], refusal: '700.400.200' },
  RV: { to: ['PA', 'DB', 'CP'], refusal: '700.400.300' },
} as const satisfies Record<string, { to: PaymentType[]; refusal: string }>

/** Captures, refunds and reversals of operations that were done before. Nothing is known by a reference: twice is twice. */
export function createManagement({ ledger, webhooks, clock }: Deps) {
  let next = APPROVED

  function doneTo({ id }: Operation, type: PaymentType): Operation[] {
    return ledger.operations(
      ({ referencedId, paymentType, result }) =>
        referencedId === id && paymentType === type && (isApproved(result) || isPending(result)),
    )
  }

  function assertAllowed(original: Operation, { paymentType, amount }: ManagementInput): void {
    const rule = RULES[paymentType]
    const isKind = (rule.to as readonly PaymentType[]).includes(original.paymentType)
    const isReversed = doneTo(original, 'RV').length > 0
    const spent = doneTo(original, paymentType).reduce((total, each) => total + units(each.amount), 0n)
    const isTooMuch = amount !== undefined && spent + units(amount) > units(original.amount)
    const isCapturedTwice = paymentType === 'CP' && spent > 0n
    if (!isKind || !isApproved(original.result) || isReversed || isTooMuch || isCapturedTwice)
      throw new HyperpayError(400, resultOf(rule.refusal))
  }

  return {
    perform(id: string, input: ManagementInput): Operation {
      const original = ledger.operation(id)
      if (!original || original.entityId !== input.entityId)
        throw new HyperpayError(400, resultOf('700.400.580'))
      assertAllowed(original, input)
      const operation = ledger.put({
        id: operationId(),
        at: clock.now().getTime(),
        referencedId: id,
        entityId: input.entityId,
        paymentType: input.paymentType,
        paymentBrand: original.paymentBrand,
        amount: input.amount ?? original.amount,
        currency: original.currency,
        merchantTransactionId: input.merchantTransactionId ?? '',
        result: resultOf(next),
      })
      webhooks.announce(operation)
      return operation
    },

    /** Everything under a reference of the shop's. */
    under(entityId: string, reference: string): Operation[] {
      const found = ledger.operations(
        each => each.entityId === entityId && each.merchantTransactionId === reference,
      )
      if (found.length === 0) throw new HyperpayError(400, resultOf('700.400.580'))
      return found
    },

    /** What captures, refunds and reversals come to from now on. */
    answerWith(code: string): void {
      next = resultOf(code).code
    },
  }
}

const units = (amount: string): bigint => minorUnits(Number(amount), 'SAR') ?? 0n
