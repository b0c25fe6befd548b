import { createHmac } from 'node:crypto'
import type { TestContext } from './context.js'

type Signed = {
  id: string
  object?: string
  amount: number
  currency: string
  status: string
  reference?: { gateway?: string; payment?: string; [more: string]: unknown }
  transaction?: { created: string }
}

/** Tap's signature as its documents describe it, written apart from the code that checks it. */
export function signature(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** What Tap signs of a charge in riyals. */
export function signedText({ id, amount, currency, status, reference, transaction }: Signed): string {
  return (
    `x_id${id}x_amount${amount.toFixed(2)}x_currency${currency}x_gateway_reference${reference?.gateway ?? ''}` +
    `x_payment_reference${reference?.payment ?? ''}x_status${status}x_created${transaction?.created ?? ''}`
  )
}

export function aCharge(
  over: Partial<Signed> & Record<string, unknown> = {},
): Signed & Record<string, unknown> {
  return {
    id: 'chg_TS05A4120230736x9K22710693',
    object: 'charge',
    live_mode: false,
    status: 'CAPTURED',
    amount: 115,
    currency: 'SAR',
    reference: { gateway: 'mada_1', payment: '4327' },
    transaction: { created: '1698392202943' },
    ...over,
  }
}

/** Delivers bytes to the webhook address of a provider; signed as Tap would sign this charge. */
export function deliver(t: TestContext, charge: Signed, raw: string | Buffer = JSON.stringify(charge)) {
  return send(t, raw, signature(signedText(charge), t.env.TAP_SECRET_KEY as string))
}

export function send(t: TestContext, raw: string | Buffer, hashstring?: string, provider = 'tap') {
  return t.post(`/api/v1/webhooks/${provider}`, {
    raw,
    headers: {
      'content-type': 'application/json',
      ...(hashstring === undefined ? {} : { hashstring }),
    },
  })
}
