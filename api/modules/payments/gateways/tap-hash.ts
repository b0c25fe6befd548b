import { createHmac, timingSafeEqual } from 'node:crypto'

/** Digits after the point, by currency. Tap's hash is taken over the amount written out in full. */
const DECIMALS = new Map<unknown, number>([
  ...['SAR', 'AED', 'QAR', 'EGP', 'USD', 'EUR', 'GBP'].map(code => [code, 2] as const),
  ...['KWD', 'BHD', 'OMR', 'JOD'].map(code => [code, 3] as const),
])

type Json = Record<string, unknown>

/** Refunds are told from charges by the id, which is signed; the field `object` is not. */
export const isRefundId = (id: unknown): boolean => typeof id === 'string' && id.startsWith('re_')
export const isInvoiceId = (id: unknown): boolean => typeof id === 'string' && id.startsWith('inv_')

/** The text Tap signs for a charge, an authorize, a refund or an invoice (developers.tap.company/docs/webhook). Undefined where it cannot be one. */
export function signedText(object: Json): string | undefined {
  const amount = amountText(object.amount, object.currency)
  const { id, currency, status, created, updated } = object
  const reference = asObject(object.reference)
  const fields = isInvoiceId(id)
    ? { id, amount, currency, updated, status, created }
    : {
        id,
        amount,
        currency,
        gateway_reference: reference.gateway ?? '',
        payment_reference: reference.payment ?? '',
        status,
        created: isRefundId(id) ? created : asObject(object.transaction).created,
      }
  // a stranger may send anything here, objects that cannot be turned into text among it
  const isText = (value: unknown) => typeof value === 'string' || typeof value === 'number'
  if (!Object.values(fields).every(isText)) return undefined
  return Object.entries(fields)
    .map(([name, value]) => `x_${name}${value}`)
    .join('')
}

export function hashstring(text: string, secretKey: string): string {
  return createHmac('sha256', secretKey).update(text).digest('hex')
}

/**
 * Under one of these keys (two while one takes the other's place). In constant time; a header of any other length or
 * alphabet is simply wrong. Without a key nothing is genuine.
 */
export function isGenuine(object: Json, header: string, secretKeys: readonly string[]): boolean {
  const text = signedText(object)
  if (text === undefined || !/^[0-9a-f]{64}$/.test(header)) return false
  const given = Buffer.from(header)
  return secretKeys.some(key => key !== '' && timingSafeEqual(Buffer.from(hashstring(text, key)), given))
}

/** `1` SAR as `1.00`, `1.5` KWD as `1.500`: string arithmetic on the number's own digits. */
export function amountText(amount: unknown, currency: unknown): string | undefined {
  const decimals = DECIMALS.get(currency)
  if (decimals === undefined || (typeof amount !== 'number' && typeof amount !== 'string')) return undefined
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount))
  if (!match) return undefined
  const [, whole, fraction = ''] = match
  return fraction.length > decimals ? undefined : `${whole}.${fraction.padEnd(decimals, '0')}`
}

export const asObject = (value: unknown): Json =>
  value !== null && typeof value === 'object' ? (value as Json) : {}
