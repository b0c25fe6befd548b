import { randomUUID } from 'node:crypto'
import { digits } from './ids.js'
import { activity } from './new-payment.js'
import { paymentResult } from './response-codes.js'
import { sourceOf } from './sources.js'
import { cardObject } from './test-cards.js'
import type { TapPayment } from './types.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The payment after the bank, the customer or the clock has decided. */
export function settled<T extends TapPayment>(payment: T, code: string, at: number, cardNumber?: string): T {
  const { status, response } = paymentResult(code)
  const isApproved = status === 'CAPTURED' || status === 'AUTHORIZED'
  return {
    ...payment,
    status,
    response,
    ...(isApproved ? approval(payment) : {}),
    ...(cardNumber === undefined ? {} : { card: cardObject(cardNumber) }),
    source: { ...payment.source, ...paidWith(payment, cardNumber) },
    activities: [...payment.activities, activity(response.message, status, payment, at)],
  }
}

// A payment has a gateway reference only once a bank has said yes; the signature counts it as empty before.
function approval(payment: TapPayment) {
  const response = { code: '00', message: 'Approved' }
  return {
    gateway: { response },
    acquirer: { response },
    reference: { ...payment.reference, gateway: randomUUID(), acquirer: digits(12) },
  }
}

function paidWith({ source }: TapPayment, cardNumber: string | undefined) {
  const brand = cardNumber === undefined ? undefined : cardObject(cardNumber)?.brand
  const known = sourceOf(source.id)
  return {
    type: 'CARD_NOT_PRESENT',
    payment_type: brand === 'MADA' ? 'DEBIT' : known?.type,
    payment_method: brand ?? known?.method,
  }
}

export function expiresAt({ transaction: { created, expiry } }: TapPayment): number {
  return Number(created) + expiry.period * MINUTE_MS
}

/** What the passing of time alone has decided, as a response code. */
export function codeByTime(payment: TapPayment, now: number): string | undefined {
  if (payment.status === 'INITIATED') return now >= expiresAt(payment) ? '304' : undefined
  if (payment.object !== 'authorize' || payment.status !== 'AUTHORIZED') return undefined
  const { type, time } = payment.auto
  const authorizedAt = payment.activities.at(-1)?.created ?? now
  return type === 'VOID' && now >= authorizedAt + time * HOUR_MS ? '601' : undefined
}
