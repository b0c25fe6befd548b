import { digits, tapId } from './ids.js'
import { paymentResult } from './response-codes.js'
import type { Activity, Customer, Post, TapAuthorization, TapCharge, TapObject } from './types.js'
import type { AuthorizationInput, ChargeInput } from './validation.js'

type Made = { at: number; pageUrl: (id: string) => string }

export function newCharge(input: ChargeInput, made: Made): TapCharge {
  const id = tapId('chg')
  return { id, object: 'charge', ...common(input, made, id) }
}

export function newAuthorization(input: AuthorizationInput, made: Made): TapAuthorization {
  const id = tapId('auth')
  return { id, object: 'authorize', auto: input.auto, ...common(input, made, id) }
}

function common(input: ChargeInput, { at, pageUrl }: Made, id: string): Omit<TapCharge, 'id' | 'object'> {
  const { amount, currency, source } = input
  return {
    live_mode: false,
    api_version: 'V2',
    status: 'INITIATED',
    amount,
    currency,
    customer_initiated: input.customer_initiated,
    threeDSecure: input.threeDSecure,
    save_card: input.save_card,
    product: 'GOSELL',
    description: input.description,
    statement_descriptor: input.statement_descriptor,
    metadata: input.metadata,
    transaction: {
      timezone: 'UTC+03:00',
      created: String(at),
      url: pageUrl(id),
      expiry: input.transaction?.expiry ?? { period: 30, type: 'MINUTE' },
      asynchronous: false,
      amount,
      currency,
    },
    reference: { track: tapId('tck'), payment: digits(22), ...input.reference },
    response: paymentResult('100').response,
    receipt: input.receipt ?? { email: false, sms: false },
    customer: customerOf(input.customer),
    merchant: input.merchant ?? { id: 'cargoparts' },
    source: { object: 'source', channel: 'INTERNET', ...source },
    destinations: input.destinations,
    redirect: input.redirect && { status: 'PENDING', url: input.redirect.url },
    post: newPost(input.post),
    activities: [activity('created', 'INITIATED', input, at)],
  }
}

export function newPost(post: { url: string } | undefined): Post | undefined {
  return post && { attempt: 0, status: 'PENDING', url: post.url }
}

export function activity(
  remarks: string,
  status: string,
  { amount, currency }: Pick<TapObject, 'amount' | 'currency'>,
  at: number,
): Activity {
  return { id: tapId('activity'), object: 'activity', created: at, status, currency, amount, remarks }
}

function customerOf(given: ChargeInput['customer']): Customer {
  return { ...given, id: given.id ?? tapId('cus') }
}
