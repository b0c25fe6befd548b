import { AppError } from '../../../platform/errors.js'
import { fromSar, toSar } from '../../../platform/money.js'
import { maskCards } from '../../../platform/redact.js'
import {
  type Gateway,
  type Method,
  type NewPayment,
  type ProviderPayment,
  type ProviderRefund,
  type ProviderStatus,
  providerUnavailable,
  refusedByProvider,
} from './gateway.js'
import { exchangeAgain, type JsonAnswer } from './http-json.js'
import { asObject, isGenuine } from './tap-hash.js'

const SOURCES: Record<Method, string> = {
  card: 'src_card',
  mada: 'src_sa.mada',
  apple_pay: 'src_apple_pay',
  stc_pay: 'src_sa.stcpay',
}

/** Charge statuses of Tap API v2. Paid is CAPTURED and nothing else; a word we do not know decides nothing. */
const STATUSES: Record<string, ProviderStatus> = {
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
}
const REFUND_STATUSES: Record<string, ProviderRefund['status']> = {
  PENDING: 'PENDING',
  IN_PROGRESS: 'PENDING',
  REFUNDED: 'REFUNDED',
  DECLINED: 'FAILED',
  FAILED: 'FAILED',
  CANCELLED: 'FAILED',
  RESTRICTED: 'FAILED',
  TIMEDOUT: 'FAILED',
}

/** Tap Payments, API v2 (developers.tap.company). `baseUrl` ends in /v2; the key selects test or live. */
export function createTap({ baseUrl, secretKey }: { baseUrl: string; secretKey: string }): Gateway {
  const headers = { authorization: `Bearer ${secretKey}` }

  return {
    name: 'tap',
    methods: ['card', 'mada', 'apple_pay', 'stc_pay'],
    isLive: secretKey.startsWith('sk_live_'),
    createPayment: async request => readCharge(await call('POST', '/charges/', chargeBody(request))),
    getPayment: async id => readCharge(await call('GET', `/charges/${encodeURIComponent(id)}`)),
    getRefund: async id => readRefund(await call('GET', `/refunds/${encodeURIComponent(id)}`)),
    refund: async ({ reference, chargeId, amount, reason, webhookUrl }) =>
      readRefund(
        await call('POST', '/refunds', {
          charge_id: chargeId,
          amount: Number(toSar(amount)),
          currency: 'SAR',
          reason: reason.slice(0, 249),
          reference: { merchant: reference, idempotent: reference },
          post: { url: webhookUrl },
        }),
      ),

    verifyWebhook(rawBody, header) {
      let object: Record<string, unknown>
      try {
        object = asObject(JSON.parse(rawBody.toString('utf8')))
      } catch {
        return undefined
      }
      const { id, status } = object
      if (
        typeof id !== 'string' ||
        typeof status !== 'string' ||
        !isGenuine(object, header('hashstring'), secretKey)
      )
        return undefined
      const kind = object.object === 'refund' ? 'refund' : 'payment'
      const claimedStatus = status.slice(0, 40)
      return {
        eventKey: `${kind}:${id}:${claimedStatus}`,
        object: kind,
        objectId: id,
        claimedStatus,
        payload: keepable(object),
      }
    },
  }

  /** Writes carry a reference Tap knows them by, so that everything here is safe to send again. */
  async function call(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<Record<string, unknown>> {
    let answer: JsonAnswer
    try {
      answer = await exchangeAgain({ url: `${baseUrl}${path}`, method, headers, body })
    } catch (error) {
      throw providerUnavailable('tap', error)
    }
    const object = asObject(answer.body)
    if (answer.status < 300) return object
    const [first] = Array.isArray(object.errors) ? object.errors.map(asObject) : []
    const problem = `${answer.status} ${first?.code ?? ''} ${first?.description ?? ''}`.trim()
    if (answer.status >= 500 || answer.status === 429) throw providerUnavailable('tap', new Error(problem))
    // a key that is not accepted is our fault, not the buyer's
    if (answer.status === 401 || answer.status === 403) {
      throw new AppError('internal', 'internal', 'Tap refused our key.', {}, { cause: new Error(problem) })
    }
    throw refusedByProvider(
      'tap',
      String(first?.code ?? answer.status),
      maskCards(String(first?.description ?? 'no reason given')),
    )
  }
}

function chargeBody({
  reference,
  amount,
  method,
  orderNumbers,
  customer,
  minutes,
  returnUrl,
  webhookUrl,
}: NewPayment) {
  const label = orderNumbers.join(' ').slice(0, 99)
  const phone = /^\+966(5\d{8})$/.exec(customer.phone ?? '')?.[1]
  return {
    amount: Number(toSar(amount)), // decimal on the wire; toSar wrote the digits, so nothing is computed in floats
    currency: 'SAR',
    customer_initiated: true,
    threeDSecure: true,
    save_card: false,
    description: `CargoParts ${label}`,
    reference: { transaction: reference, order: label, idempotent: reference },
    customer: {
      first_name: customer.name.slice(0, 60),
      email: customer.email,
      ...(phone ? { phone: { country_code: '966', number: phone } } : {}),
    },
    source: {
      id: SOURCES[method],
      ...(method === 'stc_pay' && phone ? { phone: { country_code: '966', number: phone } } : {}),
    },
    post: { url: webhookUrl },
    redirect: { url: returnUrl },
    transaction: { expiry: { period: minutes, type: 'MINUTE' } },
  }
}

function readCharge(charge: Record<string, unknown>): ProviderPayment {
  const status = STATUSES[String(charge.status)] ?? 'UNKNOWN'
  return {
    externalId: idOf(charge),
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
  }
}

function readRefund(refund: Record<string, unknown>): ProviderRefund {
  const status = REFUND_STATUSES[String(refund.status)] ?? 'UNKNOWN'
  return {
    externalId: idOf(refund),
    chargeId: String(refund.charge_id ?? ''),
    status,
    amount: fromSar(String(refund.amount)),
    reference: textOr(asObject(refund.reference).merchant),
    failureCode: status === 'FAILED' ? String(refund.status) : undefined,
  }
}

/** An answer without an id is no answer. */
function idOf(object: Record<string, unknown>): string {
  if (typeof object.id === 'string' && object.id !== '') return object.id
  throw providerUnavailable('tap', new Error('answered without an id'))
}

const KEPT = [
  'id',
  'object',
  'status',
  'amount',
  'currency',
  'live_mode',
  'reference',
  'response',
  'charge_id',
]

/** A charge without the customer and the card: who an event is about we know from our own books. */
function keepable(object: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.fromEntries(KEPT.filter(name => name in object).map(name => [name, object[name]]))
  return { ...kept, card_last_four: asObject(object.card).last_four }
}

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
