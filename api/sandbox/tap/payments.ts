import type { Clock } from '../../platform/clock.js'
import { AppError, notFound } from '../../platform/errors.js'
import { TapError } from './errors.js'
import { codeByTime, settled } from './settlement.js'
import { isToken } from './sources.js'
import type { Store } from './store.js'
import type { TapPayment } from './types.js'
import type { Webhooks } from './webhooks.js'

export type Payments = ReturnType<typeof createPayments>
export type Deps = { store: Store; webhooks: Webhooks; clock: Clock }

/** What charges and authorisations have in common: opened, waiting for a customer, decided once. */
export function createPayments({ store, webhooks, clock }: Deps) {
  const now = () => clock.now().getTime()

  function settle<T extends TapPayment>(payment: T, code: string, cardNumber?: string): T {
    const after = store.replace(settled(payment, code, now(), cardNumber))
    webhooks.announce(after)
    return after
  }

  /** Time is looked at when somebody looks: there is no timer per payment. */
  function current<T extends TapPayment>(payment: T): T {
    const code = codeByTime(payment, now())
    return code === undefined ? payment : settle(payment, code)
  }

  function find(id: string): TapPayment | undefined {
    const payment = store.get('charge', id) ?? store.get('authorize', id)
    return payment && current(payment)
  }

  return {
    settle,
    current,
    find,

    /** Stores a payment that is new, with `code` when it needs no customer and is decided at once. */
    open<T extends TapPayment>(payment: T, code: string | undefined): T {
      const token = payment.source.id
      if (isToken(token) && store.isTokenUsed(token)) throw new TapError('source_used')
      const answer = code === undefined ? payment : settled(withoutPage(payment), code, now())
      store.add(answer, now())
      webhooks.announce(answer)
      return answer
    },

    /** The customer's answer. A payment is decided once. */
    decide(id: string, code: string, cardNumber?: string): TapPayment {
      const payment = find(id)
      if (!payment) throw notFound('payment', id)
      if (payment.status === 'INITIATED') return settle(payment, code, cardNumber)
      const message = `Payment ${id} is ${payment.status} and cannot be decided again.`
      throw new AppError('conflict', 'sandbox.payment_decided', message, { id, status: payment.status })
    },

    /** Notes that the customer was sent back to the shop. */
    customerReturned(payment: TapPayment): void {
      if (payment.redirect)
        store.replace({ ...payment, redirect: { ...payment.redirect, status: 'SUCCESS' } })
    },
  }
}

function withoutPage<T extends TapPayment>(payment: T): T {
  return { ...payment, transaction: { ...payment.transaction, url: undefined } }
}
