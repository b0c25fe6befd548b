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
import { asObject, isGenuine, isRefundId } from './tap-hash.js'

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
      if (typeof id !== 'string' || typeof status !== 'string' || !/^\w{1,100}$/.test(id)) return undefined
      if (!isGenuine(object, header('hashstring'), secretKey)) return undefined
      const kind = isRefundId(id) ? 'refund' : 'payment'
      const claimedStatus = keptText(status, 40)
      return {
        eventKey: `${kind}:${id}:${claimedStatus}`,
        object: kind,
        objectId: id,
        claimedStatus,
        payload: {
          id,
          object: isRefundId(id) ? 'refund' : 'charge',
          status: claimedStatus,
          ...keepable(object),
        },
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
  description,
  customer,
  minutes,
  returnUrl,
  webhookUrl,
}: NewPayment) {
  const phone = /^\+966(5\d{8})$/.exec(customer.phone ?? '')?.[1]
  return {
    amount: Number(toSar(amount)), // decimal on the wire; toSar wrote the digits, so nothing is computed in floats
    currency: 'SAR',
    customer_initiated: true,
    threeDSecure: true,
    save_card: false,
    description,
    reference: { transaction: reference, order: reference, idempotent: reference },
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

/** Picked by name, so that a customer or a card can never slip in. */
function keepable(object: Record<string, unknown>): Record<string, unknown> {
  const { amount, currency, live_mode, charge_id, card } = object
  const lastFour = asObject(card).last_four
  return {
    amount,
    currency,
    live_mode: live_mode === true,
    reference: keptTexts(object.reference, [
      'track',
      'payment',
      'gateway',
      'transaction',
      'order',
      'merchant',
    ]),
    response: keptTexts(object.response, ['code', 'message']),
    ...keptTexts({ charge_id }, ['charge_id']),
    ...(typeof lastFour === 'string' && /^\d{4}$/.test(lastFour) ? { card_last_four: lastFour } : {}),
  }
}

function keptTexts(from: unknown, names: string[]): Record<string, string> {
  const given = asObject(from)
  const texts = names.map(name => [name, given[name]] as const)
  return Object.fromEntries(
    texts.flatMap(([name, value]) => (typeof value === 'string' ? [[name, keptText(value, 200)]] : [])),
  )
}

/** Only some fields are signed. Whatever the others hold must not be a card number, and must be storable. */
function keptText(text: string, length: number): string {
  return maskCards(text.slice(0, length).toWellFormed().replaceAll('\0', ''))
}

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
