import { createCipheriv, randomBytes } from 'node:crypto'
import { toSar } from '../../../platform/money.js'
import type { Check, Delivery, SampleSubject } from './gateway.js'
import { decrypt, type Refusal } from './hyperpay-webhook.js'

/** What is looked at, in its order, and what is said where it fails. */
const CHECKS: [string, Refusal][] = [
  ['HYPERPAY_WEBHOOK_SECRET is set', 'no key is configured'],
  [
    'X-Initialization-Vector has 24 hexadecimal digits',
    'X-Initialization-Vector is not 24 hexadecimal digits',
  ],
  ['X-Authentication-Tag has 32 hexadecimal digits', 'X-Authentication-Tag is not 32 hexadecimal digits'],
  ['the body is hexadecimal digits, two a byte', 'the body is not an even number of hexadecimal digits'],
  [
    'it decrypts under HYPERPAY_WEBHOOK_SECRET, and its tag is right',
    'the body does not decrypt: another key, or it was changed on the way',
  ],
  ['what was decrypted is a JSON object', 'what was decrypted is not a JSON object'],
]

export function explain(rawBody: Buffer, header: (name: string) => string, key: string): Check[] {
  const opened = decrypt(rawBody, header, key)
  const failed =
    'refusal' in opened ? CHECKS.findIndex(([, refusal]) => refusal === opened.refusal) : CHECKS.length
  return CHECKS.slice(0, failed + 1).map(([check], at) => ({ check, passed: at < failed }))
}

/** Deliveries as HyperPay would encrypt them. */
export function hyperpaySamples(key: string): Record<string, (subject: SampleSubject) => Delivery> {
  const sealed = (message: object): Delivery => {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)
    const body = Buffer.concat([cipher.update(JSON.stringify(message), 'utf8'), cipher.final()])
    return {
      headers: {
        'content-type': 'text/plain',
        'x-initialization-vector': iv.toString('hex').toUpperCase(),
        'x-authentication-tag': cipher.getAuthTag().toString('hex').toUpperCase(),
      },
      body: body.toString('hex').toUpperCase(),
    }
  }
  const payment = (paymentType: string, code: string, description: string) => (subject: SampleSubject) =>
    sealed({
      type: 'PAYMENT',
      payload: {
        id: subject.captureId,
        paymentType,
        paymentBrand: 'VISA',
        amount: toSar(subject.amount),
        currency: 'SAR',
        merchantTransactionId: subject.reference,
        result: { code, description },
        timestamp: subject.at.toISOString(),
      },
    })
  return {
    'payment.captured': payment('DB', '000.100.110', 'Request successfully processed'),
    'payment.declined': payment('DB', '800.100.155', 'transaction declined (amount exceeds credit)'),
    'payment.pending': payment('DB', '000.200.000', 'transaction pending'),
    'refund.refunded': payment('RF', '000.100.110', 'Request successfully processed'),
    test: () => sealed({ type: 'test' }),
  }
}
