import { createHmac, timingSafeEqual } from 'node:crypto'

/** Digits after the point, by currency. Tap's hash is taken over the amount written out in full. */
const DECIMALS: Record<string, number> = {
  SAR: 2,
  AED: 2,
  QAR: 2,
  EGP: 2,
  USD: 2,
  EUR: 2,
  GBP: 2,
  KWD: 3,
  BHD: 3,
  OMR: 3,
  JOD: 3,
}

type Json = Record<string, unknown>

/** The text Tap signs for a charge, an authorize, or a refund (developers.tap.company/docs/webhook). Undefined where it cannot be one. */
export function signedText(object: Json): string | undefined {
  const reference = asObject(object.reference)
  const created = object.object === 'refund' ? object.created : asObject(object.transaction).created
  const amount = amountText(object.amount, String(object.currency))
  if (amount === undefined) return undefined
  const fields = [
    ['id', object.id],
    ['amount', amount],
    ['currency', object.currency],
    ['gateway_reference', reference.gateway],
    ['payment_reference', reference.payment],
    ['status', object.status],
    ['created', created],
  ]
  return fields.map(([name, value]) => `x_${name}${value ?? ''}`).join('')
}

export function hashstring(text: string, secretKey: string): string {
  return createHmac('sha256', secretKey).update(text).digest('hex')
}

/** In constant time; a header of any other length or alphabet is simply wrong. */
export function isGenuine(object: Json, header: string, secretKey: string): boolean {
  const text = signedText(object)
  if (text === undefined || !/^[0-9a-f]{64}$/.test(header)) return false
  return timingSafeEqual(Buffer.from(hashstring(text, secretKey)), Buffer.from(header))
}

/** `1` SAR as `1.00`, `1.5` KWD as `1.500`: string arithmetic on the number's own digits. */
export function amountText(amount: unknown, currency: string): string | undefined {
  const decimals = DECIMALS[currency]
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount))
  if (decimals === undefined || !match) return undefined
  const [, whole, fraction = ''] = match
  return fraction.length > decimals ? undefined : `${whole}.${fraction.padEnd(decimals, '0')}`
}

export const asObject = (value: unknown): Json =>
  value !== null && typeof value === 'object' ? (value as Json) : {}
