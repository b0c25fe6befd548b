import { toSar } from '../../../platform/money.js'
import type { Check, Delivery, SampleSubject } from './gateway.js'
import { asObject, hashstring, isGenuine, isRefundId, signedText } from './tap-hash.js'

/** What a delivery of Tap must have, in the order it is looked at; ends with the first that is missing. */
export function explain(rawBody: Buffer, header: string, secretKeys: readonly string[]): Check[] {
  const checks: Check[] = []
  const check = (name: string, passed: boolean, note?: string): boolean => {
    checks.push({ check: name, passed, ...(note === undefined ? {} : { note }) })
    return passed
  }
  const object = objectIn(rawBody)
  if (!check('the header hashstring has 64 lower-case hexadecimal digits', /^[0-9a-f]{64}$/.test(header)))
    return checks
  if (!check('the body is a JSON object', object !== undefined) || !object) return checks
  const isNamed = typeof object.id === 'string' && typeof object.status === 'string'
  if (!check('it has an id and a status', isNamed)) return checks
  const text = signedText(object)
  const hasFields = check(
    'every signed field is there, the amount with the digits of its currency',
    text !== undefined,
    text,
  )
  if (!hasFields) return checks
  const [secretKey = '', previous] = secretKeys
  if (!check('TAP_SECRET_KEY is set', secretKey !== '')) return checks
  check(
    `hashstring is the HMAC-SHA256 of these fields under TAP_SECRET_KEY${previous === undefined ? '' : ' or the one before it'}`,
    isGenuine(object, header, secretKeys),
  )
  return checks
}

/** Deliveries as Tap would sign them. */
export function tapSamples(secretKey: string): Record<string, (subject: SampleSubject) => Delivery> {
  const signed = (object: Record<string, unknown>): Delivery => ({
    headers: {
      'content-type': 'application/json',
      hashstring: hashstring(signedText(object) ?? '', secretKey),
    },
    body: JSON.stringify(object),
  })
  const charge = (status: string, code: string) => (subject: SampleSubject) =>
    signed({
      id: subject.objectId,
      object: isRefundId(subject.objectId) ? 'refund' : 'charge',
      live_mode: false,
      api_version: 'V2',
      status,
      amount: Number(toSar(subject.amount)),
      currency: 'SAR',
      reference: { gateway: 'sample', payment: 'sample', transaction: subject.reference },
      response: { code, message: status },
      transaction: { created: String(subject.at.getTime()) },
      created: String(subject.at.getTime()),
      charge_id: subject.captureId,
    })
  return {
    'charge.captured': charge('CAPTURED', '000'),
    'charge.declined': charge('DECLINED', '501'),
    'charge.void': charge('VOID', '601'),
    'refund.refunded': subject => charge('REFUNDED', '000')({ ...subject, objectId: refundId(subject) }),
  }
}

const refundId = ({ objectId }: SampleSubject): string => `re_${objectId.replace(/^\w+?_/, '')}`

function objectIn(rawBody: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(rawBody.toString('utf8'))
    return Array.isArray(value) || value === null || typeof value !== 'object' ? undefined : asObject(value)
  } catch {
    return undefined
  }
}
