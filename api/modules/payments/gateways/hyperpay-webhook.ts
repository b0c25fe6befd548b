import { createDecipheriv, createHash } from 'node:crypto'
import { maskCards } from '../../../platform/redact.js'
import type { ProviderEvent } from './gateway.js'
import { asObject } from './tap-hash.js'

const IV = /^[0-9a-f]{24}$/i
const TAG = /^[0-9a-f]{32}$/i
const BODY = /^([0-9a-f]{2})+$/i
const KEY = /^[0-9a-f]{64}$/i
const ID = /^[\w.-]{1,100}$/

/** Why a delivery is not HyperPay's, in an operator's words; undefined where it is. */
export type Refusal =
  | 'no key is configured'
  | 'X-Initialization-Vector is not 24 hexadecimal digits'
  | 'X-Authentication-Tag is not 32 hexadecimal digits'
  | 'the body is not an even number of hexadecimal digits'
  | 'the body does not decrypt: another key, or it was changed on the way'
  | 'what was decrypted is not a JSON object'

/**
 * The plain text of a delivery: AES-256-GCM, hexadecimal, with or without HyperPay's JSON wrapper. Each part is
 * checked for its form first: Node reads hexadecimal up to the first wrong digit, and takes a tag that was cut.
 */
export function decrypt(
  rawBody: Buffer,
  header: (name: string) => string,
  key: string,
): { object: Record<string, unknown> } | { refusal: Refusal } {
  const [iv, tag] = [header('x-initialization-vector'), header('x-authentication-tag')]
  const body = hexOf(rawBody)
  if (!KEY.test(key)) return { refusal: 'no key is configured' }
  if (!IV.test(iv)) return { refusal: 'X-Initialization-Vector is not 24 hexadecimal digits' }
  if (!TAG.test(tag)) return { refusal: 'X-Authentication-Tag is not 32 hexadecimal digits' }
  if (!BODY.test(body)) return { refusal: 'the body is not an even number of hexadecimal digits' }
  let text: string
  try {
    const open = createDecipheriv('aes-256-gcm', Buffer.from(key, 'hex'), Buffer.from(iv, 'hex'), {
      authTagLength: 16,
    })
    open.setAuthTag(Buffer.from(tag, 'hex'))
    text = Buffer.concat([open.update(Buffer.from(body, 'hex')), open.final()]).toString('utf8')
  } catch {
    return { refusal: 'the body does not decrypt: another key, or it was changed on the way' }
  }
  const object = objectIn(text)
  return object ? { object } : { refusal: 'what was decrypted is not a JSON object' }
}

/** The event of a delivery, or undefined where it is not HyperPay's. */
export function readEvent(
  rawBody: Buffer,
  header: (name: string) => string,
  key: string,
): ProviderEvent | undefined {
  const opened = decrypt(rawBody, header, key)
  return 'object' in opened ? eventOf(opened.object) : undefined
}

function eventOf(message: Record<string, unknown>): ProviderEvent {
  const type = kept(message.type, 40)
  const payload = asObject(message.payload)
  const paymentType = kept(payload.paymentType, 10)
  const code = kept(asObject(payload.result).code, 20)
  const claimedStatus = `${paymentType} ${code}`.trim()
  const isPayment = type === 'PAYMENT' && typeof payload.id === 'string' && ID.test(payload.id)
  if (!isPayment) {
    // saved cards, schedules, risk decisions, the test of the back office: taken, and nothing follows
    const about = typeof payload.id === 'string' && ID.test(payload.id) ? payload.id : digestOf(message)
    const action = kept(message.action, 20)
    return {
      eventKey: ['other', type, about, action, claimedStatus].join(':').slice(0, 300),
      object: 'other',
      objectId: about,
      claimedStatus: [type, action].join(' ').trim() || 'nothing',
      payload: { object: 'other', type, action },
    }
  }
  const id = payload.id as string
  const object = paymentType === 'RF' ? 'refund' : 'payment'
  const reference = kept(payload.merchantTransactionId, 100)
  return {
    eventKey: `${object}:${id}:${paymentType}:${code}`,
    object,
    objectId: id,
    ...(reference === '' ? {} : { reference }),
    claimedStatus,
    payload: {
      id,
      object,
      type,
      paymentType,
      paymentBrand: kept(payload.paymentBrand, 20),
      amount: kept(payload.amount, 20),
      currency: kept(payload.currency, 3),
      merchantTransactionId: reference,
      result: { code, description: kept(asObject(payload.result).description, 200) },
      ...lastFourOf(payload.card),
    },
  }
}

/** Hexadecimal digits as they came, or inside `{"encryptedBody": "…"}`. */
function hexOf(rawBody: Buffer): string {
  const text = rawBody.toString('latin1').trim()
  if (!text.startsWith('{')) return text
  const wrapped = objectIn(rawBody.toString('utf8'))?.encryptedBody
  return typeof wrapped === 'string' ? wrapped.trim() : ''
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function lastFourOf(card: unknown): Record<string, string> {
  const digits = asObject(card).last4Digits
  return typeof digits === 'string' && /^\d{4}$/.test(digits) ? { card_last_four: digits } : {}
}

const digestOf = (message: unknown): string =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 32)

/** Proven, and yet for keeping: no card number, nothing that cannot be stored. */
const kept = (value: unknown, length: number): string =>
  typeof value === 'string' ? maskCards(value.slice(0, length).toWellFormed().replaceAll('\0', '')) : ''
