import { toSar } from '../../../platform/money.js'
import { maskCards } from '../../../platform/redact.js'
import {
  type Gateway,
  type Method,
  type NewPayment,
  providerUnavailable,
  refusedByProvider,
} from './gateway.js'
import { exchangeAgain, type JsonAnswer } from './http-json.js'
import { asObject } from './tap-hash.js'
import { isFinal, readCharge, readEvent, readRefund } from './tap-objects.js'

const SOURCES: Record<Method, string> = {
  card: 'src_card',
  mada: 'src_sa.mada',
  apple_pay: 'src_apple_pay',
  stc_pay: 'src_sa.stcpay',
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

    isFinal,
    verifyWebhook: (rawBody, header) => readEvent(rawBody, header('hashstring'), secretKey),
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
    if (answer.status === 401 || answer.status === 403) {
      // our fault, not the buyer's: nothing was done, and the same request goes through once the key is right
      throw providerUnavailable('tap', new Error(`our key was refused: ${problem}`))
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
