import { after, type Clock, minutes } from '../../../platform/clock.js'
import { type Halalas, halalas, toSar } from '../../../platform/money.js'
import type { Exchange } from './exchange.js'
import {
  type Gateway,
  type Method,
  type PaymentHandle,
  type ProviderPayment,
  providerUnavailable,
  refusedByProvider,
} from './gateway.js'
import { createHyperpayCalls, type HyperpayCall } from './hyperpay-calls.js'
import { explain, hyperpaySamples } from './hyperpay-deliveries.js'
import {
  claimsCapture,
  codeOf,
  describe,
  isChargeback,
  isFinal,
  type Operation,
  readAttempts,
  readOperation,
  readRefundOperation,
} from './hyperpay-objects.js'
import { checkoutForm } from './hyperpay-requests.js'
import { classOf, NO_SESSION, NOT_FOUND } from './hyperpay-results.js'
import { readEvent } from './hyperpay-webhook.js'

/** The channel a method is paid through. A payment is read through the one it was made with. */
export type Entities = Partial<Record<Method, string>>

export type HyperpayOptions = {
  baseUrl: string
  accessToken: string
  entities: Entities
  /** 64 hexadecimal digits. */
  webhookKey: string
  /** HyperPay's test system may take whole riyals only. */
  wholeAmounts: boolean
  exchange: Exchange
  clock: Clock
}

const BRANDS: Partial<Record<Method, string>> = {
  card: 'VISA MASTER',
  mada: 'MADA',
  apple_pay: 'APPLEPAY',
}
/** A checkout lives thirty minutes; what was begun in the last of them may still come to an end. */
const CHECKOUT_MS = minutes(35)

/**
 * HyperPay (OPPWA): COPYandPAY, whose card fields are HyperPay's own inside a page of ours. It knows no
 * idempotency key, so nothing but a read is ever sent twice: an outcome that got lost is looked up.
 */
export function createHyperpay(options: HyperpayOptions): Gateway {
  const { baseUrl, entities, webhookKey, wholeAmounts, clock } = options
  const call = createHyperpayCalls(options)
  const isLive = isLiveHost(baseUrl)
  const asked = (amount: Halalas): Halalas => (wholeAmounts ? wholeRiyals(amount) : amount)
  const amountText = (amount: Halalas) => (wholeAmounts ? toSar(asked(amount)).slice(0, -3) : toSar(amount))

  /** An operation on one that was done before: capture, refund, reverse. */
  async function manage(id: string, method: Method, form: Record<string, string>): Promise<Operation> {
    const answer = await call('POST', `/v1/payments/${encodeURIComponent(id)}`, method, form)
    const operation = readOperation(answer)
    if (operation.result === 'our_mistake')
      throw refusedByProvider('hyperpay', operation.code, describe(answer))
    if (operation.id === '')
      throw providerUnavailable('hyperpay', new Error(`${operation.code}, without an id`))
    return operation
  }

  /** Takes what was reserved, or lets it go; unless that has been done. */
  async function finish(payment: PaymentHandle, form: Record<string, string>): Promise<ProviderPayment> {
    const before = await attempts(payment)
    const externalId = payment.externalId ?? payment.reference
    const reserved = before.find(({ type, result }) => type === 'PA' && result === 'succeeded')
    const told = readAttempts(externalId, before, isLive)
    if (told.status !== 'AUTHORIZED' || !reserved) return told
    const done = await manage(reserved.id, payment.method, {
      ...form,
      merchantTransactionId: payment.reference,
    })
    return readAttempts(externalId, [done, ...before], isLive)
  }

  async function attempts(payment: PaymentHandle): Promise<Operation[]> {
    const { reference, method } = payment
    const answer = await call('GET', '/v1/query', method, { merchantTransactionId: reference })
    return operationsIn(answer).filter(operation => operation.reference === reference)
  }

  async function getPayment(payment: PaymentHandle): Promise<ProviderPayment> {
    const externalId = payment.externalId ?? payment.reference
    // once its money is here the checkout has no more to say: whether more was taken is asked for by our reference
    const known = payment.captureId === null ? await checkoutResult(call, payment) : undefined
    // a checkout tells of its last attempt, and for half an hour: whatever is not a success is asked for by our reference
    if (known && isDecided(known)) return readAttempts(externalId, [known], isLive)
    const all = await attempts(payment)
    if (all.length > 0) return readAttempts(externalId, all, isLive, payment.captureId)
    const told = readAttempts(externalId, known ? [known] : [], isLive)
    return known === undefined && clock.now() > after(payment.createdAt, CHECKOUT_MS)
      ? { ...told, status: 'FAILED', failureCode: 'expired' }
      : told
  }

  return {
    name: 'hyperpay',
    methods: (Object.keys(BRANDS) as Method[]).filter(method => entities[method] !== undefined),
    isLive,
    amountFormat: 'decimal text',
    can: {
      // mada is a debit scheme: it holds nothing
      authorize: ['card', 'apple_pay'],
      partialCapture: false, // of one authorisation, several captures depend on the bank behind
      partialRefund: true,
      splitPayout: false,
      savedCards: true,
      readById: false, // the channel it was paid through must be known as well
      repeatableMs: 0,
    },
    asked,

    async createPayment(request) {
      const { method, reference, amount, pageUrl } = request
      const answer = await call('POST', '/v1/checkouts', method, checkoutForm(request, amountText(amount)))
      const { id, integrity } = answer as { id?: unknown; integrity?: unknown }
      if (typeof id !== 'string' || classOf(codeOf(answer)) !== 'pending')
        throw refusedByProvider('hyperpay', codeOf(answer), describe(answer))
      return {
        externalId: id,
        status: 'INITIATED',
        amount: asked(amount),
        currency: 'SAR',
        reference,
        redirectUrl: pageUrl,
        fields: {
          script: `${baseUrl}/v1/paymentWidgets.js?checkoutId=${encodeURIComponent(id)}`,
          integrity:
            typeof integrity === 'string' && /^sha\d{3}-[\w+/=]+$/.test(integrity) ? integrity : null,
          brands: BRANDS[method] ?? '',
        },
        failureCode: undefined,
        isLive,
      }
    },

    getPayment,

    async getCapture(payment, captureId) {
      const found = (await attempts(payment)).find(({ id }) => id === captureId)
      if (!found) throw refusedByProvider('hyperpay', NOT_FOUND, `no payment ${captureId}`)
      return readAttempts(payment.externalId ?? payment.reference, [found], isLive)
    },

    async findByReference(payment) {
      const { externalId, captureId, reference } = payment
      const all = await attempts(payment)
      return all.length === 0 ? undefined : readAttempts(externalId ?? reference, all, isLive, captureId)
    },

    capture: request =>
      finish(request, { paymentType: 'CP', amount: amountText(request.amount), currency: 'SAR' }),
    void: payment => finish(payment, { paymentType: 'RV' }),

    async refund({ payment, reference, amount }) {
      if (payment.captureId === null) throw new Error('a refund needs the money it is of')
      const done = await manage(payment.captureId, payment.method, {
        paymentType: 'RF',
        amount: amountText(amount),
        currency: 'SAR',
        merchantTransactionId: reference,
      })
      return readRefundOperation(done, payment.captureId)
    },

    async getRefund({ reference, payment, externalId }) {
      const found = (await attempts({ ...payment, reference })).find(({ id }) => id === externalId)
      if (!found) throw refusedByProvider('hyperpay', NOT_FOUND, `no refund ${externalId}`)
      return readRefundOperation(found, payment.captureId ?? '')
    },

    async findRefund({ reference, payment }) {
      const [found] = await attempts({ ...payment, reference })
      return found && readRefundOperation(found, payment.captureId ?? '')
    },

    isFinal,
    claimsCapture,
    isChargeback,
    verifyWebhook: (rawBody, header) => readEvent(rawBody, header, webhookKey),
    explainWebhook: (rawBody, header) => explain(rawBody, header, webhookKey),
    samples: hyperpaySamples(webhookKey),
  }
}

/** What a checkout says of its last attempt; undefined where its time is over. */
async function checkoutResult(call: HyperpayCall, payment: PaymentHandle): Promise<Operation | undefined> {
  if (payment.externalId === null) return undefined
  const path = `/v1/checkouts/${encodeURIComponent(payment.externalId)}/payment`
  const answer = await call('GET', path, payment.method, {})
  if (codeOf(answer) === NO_SESSION) return undefined
  const operation = readOperation(answer)
  return operation.type === '' && operation.result !== 'pending' ? undefined : operation
}

const isDecided = ({ type, result }: Operation): boolean => type === 'DB' && result === 'succeeded'

function operationsIn(answer: unknown): Operation[] {
  if (codeOf(answer) === NOT_FOUND) return []
  const { payments } = answer as { payments?: unknown }
  return Array.isArray(payments) ? payments.map(readOperation) : []
}

/** The host, not the key, says whether money moves. */
export function isLiveHost(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl)
  return !/(^|[.-])test([.-]|$)/.test(hostname) && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Half a riyal and more counts as one. */
const wholeRiyals = (amount: Halalas): Halalas => halalas(((BigInt(amount) + 50n) / 100n) * 100n)
