import { randomBytes } from 'node:crypto'
import type { Clock } from '../../platform/clock.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { CheckoutInput } from './forms.js'
import type { Ledger } from './ledger.js'
import { HyperpayError, isApproved, isPending, resultOf } from './results.js'
import type { Checkout, Operation } from './types.js'
import type { HyperpayWebhooks } from './webhooks.js'

const LIFE_MS = 30 * 60_000
export type Paid = { code: string; brand?: string; card?: Operation['card'] }
export type Deps = { ledger: Ledger; webhooks: HyperpayWebhooks; clock: Clock }
export type Checkouts = ReturnType<typeof createCheckouts>

export const operationId = (): string => randomBytes(16).toString('hex')

/** Prepared, paid with one card after the other until one is accepted, and forgotten after half an hour. */
export function createCheckouts({ ledger, webhooks, clock }: Deps) {
  const now = () => clock.now().getTime()

  function attemptsOf(checkout: Checkout): Operation[] {
    return ledger.operations(({ checkoutId }) => checkoutId === checkout.id)
  }

  function find(id: string): Checkout | undefined {
    const checkout = ledger.checkout(id)
    return checkout && now() < checkout.at + LIFE_MS ? checkout : undefined
  }

  return {
    find,
    attemptsOf,
    expiresAt: ({ at }: Checkout): number => at + LIFE_MS,

    prepare: (input: CheckoutInput): Checkout =>
      ledger.addCheckout({ id: `${operationId().toUpperCase()}.uat01-vm-tx01`, at: now(), ...input }),

    /** The last attempt's result, as the shop asks for it when its customer is back. */
    result(id: string, entityId: string): Operation | 'pending' {
      const checkout = find(id)
      if (!checkout || checkout.entityId !== entityId) throw new HyperpayError(400, resultOf('200.300.404'))
      return attemptsOf(checkout)[0] ?? 'pending'
    },

    /** The customer pays, or the bank says no. One that was accepted or is not decided yet is not tried again. */
    pay(id: string, { code, brand = 'VISA', card }: Paid): Operation {
      const checkout = find(id)
      if (!checkout) throw notFound('checkout', id)
      const last = attemptsOf(checkout)[0]
      if (last && (isApproved(last.result) || isPending(last.result))) {
        const message = `Checkout ${id} is decided (${last.result.code}) and cannot be paid again.`
        throw new AppError('conflict', 'sandbox.payment_decided', message, { id, code: last.result.code })
      }
      const { entityId, amount, currency, paymentType, merchantTransactionId } = checkout
      const operation = ledger.put({
        id: operationId(),
        at: now(),
        checkoutId: id,
        ...{ entityId, amount, currency, paymentType, merchantTransactionId },
        paymentBrand: brand,
        result: resultOf(code),
        ...(card ? { card } : {}),
      })
      webhooks.announce(operation)
      return operation
    },

    /** What was pending comes to its end; or what was over comes to another one. */
    settle(id: string, code: string): Operation {
      const operation = ledger.operation(id)
      if (!operation) throw notFound('operation', id)
      const after = ledger.put({ ...operation, result: resultOf(code) })
      webhooks.announce(after)
      return after
    },
  }
}
