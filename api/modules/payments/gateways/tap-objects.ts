import { fromSar } from '../../../platform/money.js'
import { maskCards } from '../../../platform/redact.js'
import {
  type ProviderEvent,
  type ProviderPayment,
  type ProviderRefund,
  type ProviderStatus,
  providerUnavailable,
} from './gateway.js'
import { asObject, isGenuine, isInvoiceId, isRefundId } from './tap-hash.js'

/** Charge statuses of Tap API v2. Paid is CAPTURED and nothing else; a word we do not know decides nothing. */
const STATUSES = asMap<ProviderStatus>({
  INITIATED: 'INITIATED',
  IN_PROGRESS: 'PENDING',
  AUTHORIZED: 'AUTHORIZED',
  CAPTURED: 'CAPTURED',
  VOID: 'VOIDED',
  ABANDONED: 'FAILED',
  CANCELLED: 'FAILED',
  FAILED: 'FAILED',
  DECLINED: 'FAILED',
  RESTRICTED: 'FAILED',
  TIMEDOUT: 'FAILED',
  UNKNOWN: 'UNKNOWN',
})
const REFUND_STATUSES = asMap<ProviderRefund['status']>({
  PENDING: 'PENDING',
  IN_PROGRESS: 'PENDING',
  REFUNDED: 'REFUNDED',
  DECLINED: 'FAILED',
  FAILED: 'FAILED',
  CANCELLED: 'FAILED',
  RESTRICTED: 'FAILED',
  TIMEDOUT: 'FAILED',
  UNKNOWN: 'UNKNOWN',
})

const FINAL: ReadonlySet<unknown> = new Set(['CAPTURED', 'FAILED', 'VOIDED', 'REFUNDED'])

export const isFinal = (claimedStatus: string): boolean =>
  FINAL.has(STATUSES.get(claimedStatus)) || FINAL.has(REFUND_STATUSES.get(claimedStatus))

export function readCharge(charge: Record<string, unknown>): ProviderPayment {
  const status = STATUSES.get(charge.status) ?? 'UNKNOWN'
  const externalId = idOf(charge)
  return {
    externalId,
    captureId: status === 'CAPTURED' ? externalId : undefined,
    status,
    amount: fromSar(String(charge.amount)),
    currency: String(charge.currency),
    reference: textOr(asObject(charge.reference).transaction),
    redirectUrl: textOr(asObject(charge.transaction).url),
    failureCode:
      status === 'FAILED'
        ? `${String(charge.status)} ${String(asObject(charge.response).code ?? '')}`.trim()
        : undefined,
    isLive: charge.live_mode === true,
    unheardOf: STATUSES.has(charge.status) ? undefined : wordOf(charge.status),
  }
}

/** An authorize has a charge's fields; the money it came to is in another object. */
export function readAuthorization(authorization: Record<string, unknown>): ProviderPayment {
  return { ...readCharge(authorization), captureId: undefined }
}

export function readRefund(refund: Record<string, unknown>): ProviderRefund {
  const status = REFUND_STATUSES.get(refund.status) ?? 'UNKNOWN'
  return {
    externalId: idOf(refund),
    chargeId: String(refund.charge_id ?? ''),
    status,
    amount: fromSar(String(refund.amount)),
    reference: textOr(asObject(refund.reference).merchant),
    failureCode: status === 'FAILED' ? String(refund.status) : undefined,
    unheardOf: REFUND_STATUSES.has(refund.status) ? undefined : wordOf(refund.status),
  }
}

/** What a webhook says, or undefined where its proof is missing or wrong. Throws over nothing that a stranger sends. */
export function readEvent(
  rawBody: Buffer,
  hashstring: string,
  secretKeys: readonly string[],
): ProviderEvent | undefined {
  let object: Record<string, unknown>
  try {
    object = asObject(JSON.parse(rawBody.toString('utf8')))
  } catch {
    return undefined
  }
  const { id, status } = object
  if (typeof id !== 'string' || typeof status !== 'string' || !/^\w{1,100}$/.test(id)) return undefined
  if (!isGenuine(object, hashstring, secretKeys)) return undefined
  const claimedStatus = keptText(status, 40)
  if (isInvoiceId(id))
    // a bill made at Tap's own desk: taken, and nothing of ours follows
    return {
      eventKey: `other:${id}:${claimedStatus}`,
      object: 'other',
      objectId: id,
      claimedStatus,
      payload: { id, object: 'other', type: 'invoice', status: claimedStatus },
    }
  const kind = isRefundId(id) ? 'refund' : 'payment'
  return {
    eventKey: `${kind}:${id}:${claimedStatus}`,
    object: kind,
    objectId: id,
    claimedStatus,
    payload: { id, object: isRefundId(id) ? 'refund' : 'charge', status: claimedStatus, ...keepable(object) },
  }
}

/** An answer without an id is no answer. */
function idOf(object: Record<string, unknown>): string {
  if (typeof object.id === 'string' && object.id !== '') return object.id
  throw providerUnavailable('tap', new Error('answered without an id'))
}

const REFERENCES = ['track', 'payment', 'gateway', 'transaction', 'order', 'merchant']
const RESPONSE = ['code', 'message']
const CHARGE = ['charge_id']

/** Picked by name, so that a customer or a card can never slip in. */
function keepable(object: Record<string, unknown>): Record<string, unknown> {
  const { amount, currency, live_mode, charge_id, card } = object
  const lastFour = asObject(card).last_four
  return {
    amount,
    currency,
    live_mode: live_mode === true,
    reference: keptTexts(object.reference, REFERENCES),
    response: keptTexts(object.response, RESPONSE),
    ...keptTexts({ charge_id }, CHARGE),
    ...(typeof lastFour === 'string' && /^\d{4}$/.test(lastFour) ? { card_last_four: lastFour } : {}),
  }
}

function keptTexts(from: unknown, names: readonly string[]): Record<string, string> {
  const given = asObject(from)
  const kept: Record<string, string> = {}
  for (const name of names) {
    const value = given[name]
    if (typeof value === 'string') kept[name] = keptText(value, 200)
  }
  return kept
}

/** Only some fields are signed. Whatever the others hold must not be a card number, and must be storable. */
function keptText(text: string, length: number): string {
  return maskCards(text.slice(0, length).toWellFormed().replaceAll('\0', ''))
}

const wordOf = (status: unknown): string => keptText(String(status), 40)

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

// a map, not an object: `constructor` is a word we do not know
function asMap<T>(entries: Record<string, T>): ReadonlyMap<unknown, T> {
  return new Map(Object.entries(entries))
}
