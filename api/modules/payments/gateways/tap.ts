import { minutes } from '../../../platform/clock.js'
import { toSar } from '../../../platform/money.js'
import type { Exchange } from './exchange.js'
import type { Gateway, Method } from './gateway.js'
import { createTapCalls } from './tap-calls.js'
import { explain, tapSamples } from './tap-deliveries.js'
import { chargeOf, createTapFinder } from './tap-finder.js'
import { isFinal, readAuthorization, readCharge, readCharges, readEvent, readRefund } from './tap-objects.js'
import { captureBody, paymentBody } from './tap-requests.js'

const AUTHORIZABLE: readonly Method[] = ['card', 'apple_pay']

/**
 * Tap Payments, API v2 (developers.tap.company). `baseUrl` ends in /v2; the key selects test or live.
 * `previousKey`: while keys change, deliveries signed under the old one are on their way still.
 */
export function createTap({
  baseUrl,
  secretKey,
  previousKey,
  exchange,
}: {
  baseUrl: string
  secretKey: string
  previousKey?: string | undefined
  exchange: Exchange
}): Gateway {
  const secretKeys = [secretKey, previousKey].filter(key => key !== undefined)
  const call = createTapCalls({ baseUrl, secretKey, exchange })
  const find = createTapFinder(call)
  const isAuthorization = (id: string | null): id is string => id?.startsWith('auth_') === true

  const gateway: Gateway = {
    name: 'tap',
    methods: ['card', 'mada', 'apple_pay', 'stc_pay'],
    isLive: secretKey.startsWith('sk_live_'),
    amountFormat: 'decimal number',
    can: {
      authorize: AUTHORIZABLE,
      partialCapture: true,
      partialRefund: true,
      splitPayout: true,
      savedCards: true,
      readById: true,
      // Tap knows `reference.idempotent` for 24 hours
      repeatableMs: minutes(20 * 60),
    },
    asked: amount => amount,

    createPayment: async request =>
      request.authorizeOnly
        ? readAuthorization(
            await call('POST', '/authorize', {
              ...paymentBody(request),
              // nothing of a buyer's stays reserved for longer than a day, whatever becomes of us
              auto: { type: 'VOID', time: 24 },
            }),
          )
        : readCharge(await call('POST', '/charges/', paymentBody(request))),

    async getPayment(payment) {
      const { externalId } = payment
      if (!isAuthorization(externalId)) return readCharge(await call('GET', `/charges/${idIn(externalId)}`))
      const authorization = readAuthorization(await call('GET', `/authorize/${idIn(externalId)}`))
      if (authorization.status !== 'CAPTURED') return authorization
      // the money is in the charge that captured it, and its amount is what counts
      const charge =
        payment.captureId === null
          ? readCharges(await find.charges(payment))
          : readCharge(await call('GET', `/charges/${idIn(payment.captureId)}`))
      return charge ? { ...charge, externalId } : { ...authorization, status: 'UNKNOWN' }
    },

    getCapture: async (_payment, captureId) => readCharge(await call('GET', `/charges/${idIn(captureId)}`)),

    async findByReference(payment) {
      return readCharges(await find.charges(payment))
    },

    async capture(request) {
      const charge = readCharge(await call('POST', '/charges/', captureBody(request)))
      // a capture that failed leaves the amount reserved: what the charge says is not the payment's end
      const status = charge.status === 'CAPTURED' ? 'CAPTURED' : 'UNKNOWN'
      return { ...charge, status, externalId: request.externalId ?? charge.externalId }
    },

    async void(payment) {
      const told = readAuthorization(await call('POST', `/authorize/${idIn(payment.externalId)}/void`, {}))
      // taken meanwhile: which charge that was decides what is the order's money
      return told.status === 'CAPTURED' ? gateway.getPayment(payment) : told
    },

    refund: async ({ reference, payment, amount, reason, webhookUrl }) =>
      readRefund(
        await call('POST', '/refunds', {
          charge_id: chargeOf(payment),
          amount: Number(toSar(amount)),
          currency: 'SAR',
          reason: reason.slice(0, 249),
          reference: { merchant: reference, idempotent: reference },
          post: { url: webhookUrl },
        }),
      ),
    getRefund: async ({ externalId }) => readRefund(await call('GET', `/refunds/${idIn(externalId)}`)),
    async findRefund(refund) {
      const found = await find.refund(refund)
      return found && readRefund(found)
    },

    isFinal,
    // what an event of Tap's is about is read by its own id
    claimsCapture: () => false,
    // Tap tells of none by webhook
    isChargeback: () => false,
    verifyWebhook: (rawBody, header) => readEvent(rawBody, header('hashstring'), secretKeys),
    explainWebhook: (rawBody, header) => explain(rawBody, header('hashstring'), secretKeys),
    samples: tapSamples(secretKey),
    async *captured(from, to) {
      for await (const charge of find.captured(from, to)) yield readCharge(charge)
    },
  }
  return gateway
}

function idIn(id: string | null): string {
  if (id === null) throw new Error('Tap is asked for objects by its own ids')
  return encodeURIComponent(id)
}
