import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createExchange } from '../../api/modules/payments/gateways/exchange.js'
import type { Gateway, NewPayment, PaymentHandle } from '../../api/modules/payments/gateways/gateway.js'
import { createHyperpay, isLiveHost } from '../../api/modules/payments/gateways/hyperpay.js'
import { minutes } from '../../api/platform/clock.js'
import { halalas } from '../../api/platform/money.js'
import { testClock } from '../support/clock.js'

type Recorded = { method: string; path: string; fields: Record<string, string>; headers: IncomingHttpHeaders }

const PAYMENT: NewPayment = {
  reference: '01970000-0000-7000-8000-000000000001',
  amount: halalas(9_250),
  method: 'card',
  authorizeOnly: false,
  orderNumbers: ['CP-1000001', 'CP-1000002'],
  customer: { name: 'سارة بنت محمد', email: 'sara@example.sa', phone: '+966501234567' },
  billing: { street: 'شارع العليا', city: 'الرياض', postalCode: '12211' },
  minutes: 30,
  pageUrl: 'https://api.example.sa/pay/1',
  returnUrl: 'https://shop.example.sa/return',
  webhookUrl: 'https://api.example.sa/api/v1/webhooks/hyperpay',
}
const PREPARED = {
  result: { code: '000.200.100', description: 'successfully created checkout' },
  id: 'CHECKOUT.1',
}
const done = (over: Record<string, unknown> = {}) => ({
  id: 'operation-1',
  paymentType: 'DB',
  amount: '92.50',
  currency: 'SAR',
  merchantTransactionId: PAYMENT.reference,
  result: { code: '000.100.110', description: 'done' },
  ...over,
})
const said = (code: string) => ({ result: { code, description: 'said' } })

describe('a request to HyperPay', () => {
  let server: Server
  let baseUrl: string
  let hyperpay: Gateway
  const recorded: Recorded[] = []
  const clock = testClock()
  /** Answers by path; the last of several stays. */
  let answers: Record<string, { status: number; body: unknown }[]> = {}
  const named = (over: Partial<PaymentHandle> = {}): PaymentHandle => ({
    externalId: 'CHECKOUT.1',
    captureId: null,
    reference: PAYMENT.reference,
    method: 'card',
    createdAt: clock.now(),
    ...over,
  })
  const make = (over: { wholeAmounts?: boolean; failures?: number } = {}) =>
    createHyperpay({
      baseUrl,
      accessToken: 'the-token',
      entities: { card: 'entity-cards', mada: 'entity-mada' },
      webhookKey: '',
      wholeAmounts: false,
      exchange: createExchange(
        'hyperpay',
        { broken: () => undefined, healed: () => undefined },
        { pauseMs: 1, failures: 1_000 },
      ),
      clock,
      ...over,
    })
  const answer = (path: string, body: unknown, status = 200) => {
    answers[path] = [...(answers[path] ?? []), { status, body }]
  }
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    )

  before(async () => {
    server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      const url = new URL(request.url as string, 'http://x')
      recorded.push({
        method: request.method as string,
        path: url.pathname,
        fields: Object.fromEntries(request.method === 'GET' ? url.searchParams : new URLSearchParams(text)),
        headers: request.headers,
      })
      const queue = answers[url.pathname] ?? [{ status: 404, body: said('200.300.404') }]
      const next = queue.length > 1 ? queue.shift() : queue[0]
      response
        .writeHead(next?.status ?? 500, { 'content-type': 'application/json' })
        .end(typeof next?.body === 'string' ? next.body : JSON.stringify(next?.body))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    hyperpay = make()
  })
  beforeEach(() => {
    recorded.length = 0
    answers = {}
  })
  afterEach(() => clock.reset())
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('prepares a checkout with a form, as HyperPay documents it', async () => {
    answer('/v1/checkouts', { ...PREPARED, integrity: 'sha384-abc+/=' })
    const told = await hyperpay.createPayment(PAYMENT)
    expect(recorded).to.have.length(1)
    expect(recorded[0]).to.include({ method: 'POST', path: '/v1/checkouts' })
    expect(recorded[0]?.headers.authorization).to.equal('Bearer the-token')
    expect(recorded[0]?.headers['content-type']).to.match(/^application\/x-www-form-urlencoded/)
    expect(recorded[0]?.fields).to.deep.equal({
      entityId: 'entity-cards',
      amount: '92.50',
      currency: 'SAR',
      paymentType: 'DB',
      merchantTransactionId: PAYMENT.reference,
      merchantInvoiceId: 'CP-1000001 CP-1000002',
      integrity: 'true',
      'customer.email': 'sara@example.sa',
      'customer.givenName': 'سارة',
      'customer.surname': 'بنت محمد',
      'customer.mobile': '+966501234567',
      'billing.street1': 'شارع العليا',
      'billing.city': 'الرياض',
      'billing.state': 'الرياض',
      'billing.postcode': '12211',
      'billing.country': 'SA',
    })
    expect(told).to.deep.include({
      externalId: 'CHECKOUT.1',
      status: 'INITIATED',
      redirectUrl: PAYMENT.pageUrl,
      fields: {
        script: `${baseUrl}/v1/paymentWidgets.js?checkoutId=CHECKOUT.1`,
        integrity: 'sha384-abc+/=',
        brands: 'VISA MASTER',
      },
    })
  })

  it('goes through the channel of its method, and reads through the same one', async () => {
    answer('/v1/checkouts', PREPARED)
    answer('/v1/checkouts/CHECKOUT.1/payment', done())
    await hyperpay.createPayment({ ...PAYMENT, method: 'mada' })
    await hyperpay.getPayment(named({ method: 'mada' }))
    expect(recorded.map(({ fields }) => fields.entityId)).to.deep.equal(['entity-mada', 'entity-mada'])
    expect(hyperpay.methods).to.deep.equal(['card', 'mada'])
  })

  const written = { 1: '0.01', 10: '0.10', 1999: '19.99', 11500: '115.00', 99999999999: '999999999.99' }
  for (const [amount, text] of Object.entries(written))
    it(`writes ${amount} halalas as ${text}`, async () => {
      answer('/v1/checkouts', PREPARED)
      await hyperpay.createPayment({ ...PAYMENT, amount: halalas(Number(amount)) })
      expect(recorded[0]?.fields.amount).to.equal(text)
    })

  it('writes whole riyals for a test system that takes no others, and knows what it asked for', async () => {
    const whole = make({ wholeAmounts: true })
    answer('/v1/checkouts', PREPARED)
    await whole.createPayment(PAYMENT)
    // what is sent is what is waited for
    expect(recorded[0]?.fields.amount).to.equal('93')
    expect(whole.asked(PAYMENT.amount)).to.equal(9_300)
    const asked = [9_249, 9_250, 49, 11_500].map(amount => whole.asked(halalas(amount)))
    expect(asked).to.deep.equal([9_200, 9_300, 0, 11_500])
  })

  it('that is a write is sent once, whatever comes of it', async () => {
    for (const [status, body] of [
      [500, {}],
      [503, 'nonsense'],
      [200, '<html>'],
      [429, said('800.120.100')],
    ] as const) {
      answers = { '/v1/checkouts': [{ status, body }] }
      recorded.length = 0
      const error = await failure(hyperpay.createPayment(PAYMENT))
      expect(error, String(status)).to.include({ kind: 'unavailable', code: 'provider.unavailable' })
      expect(recorded, String(status)).to.have.length(1)
    }
  })

  it('that is a read is sent again', async () => {
    answer('/v1/checkouts/CHECKOUT.1/payment', {}, 500)
    answer('/v1/checkouts/CHECKOUT.1/payment', done())
    expect((await hyperpay.getPayment(named())).status).to.equal('CAPTURED')
    expect(recorded).to.have.length(2)
  })

  it('that is declined with 400 is read by its code, not by its status', async () => {
    answer('/v1/checkouts', said('200.300.404'), 400)
    expect(await failure(hyperpay.createPayment(PAYMENT)))
      .to.include({ code: 'payments.refused_by_provider' })
      .with.nested.property('details.providerCode', '200.300.404')
    answer('/v1/checkouts/CHECKOUT.1/payment', done(said('800.100.155')), 400)
    answer('/v1/query', { ...said('000.000.000'), payments: [done(said('800.100.155'))] })
    expect(await hyperpay.getPayment(named())).to.include({ status: 'FAILED', failureCode: '800.100.155' })
  })

  for (const status of [401, 403])
    it(`that is answered ${status} is our mistake: nothing was done`, async () => {
      answer('/v1/checkouts', said('800.900.300'), status)
      expect(await failure(hyperpay.createPayment(PAYMENT))).to.include({ code: 'provider.unavailable' })
    })

  it('that asks too often is to be made later', async () => {
    answer('/v1/checkouts/CHECKOUT.1/payment', said('800.120.100'), 400)
    expect(await failure(hyperpay.getPayment(named()))).to.include({ code: 'provider.unavailable' })
  })

  it('about a checkout that is over goes by our reference', async () => {
    answer('/v1/checkouts/CHECKOUT.1/payment', said('200.300.404'), 400)
    answer('/v1/query', { ...said('000.000.000'), payments: [done()] })
    expect(await hyperpay.getPayment(named())).to.include({ status: 'CAPTURED', captureId: 'operation-1' })
    expect(recorded.at(-1)?.fields).to.deep.equal({
      entityId: 'entity-cards',
      merchantTransactionId: PAYMENT.reference,
    })
  })

  it('about one that nobody paid on tells of its end only when its time is over', async () => {
    answer('/v1/checkouts/CHECKOUT.1/payment', said('200.300.404'), 400)
    answer('/v1/query', said('700.400.580'), 400)
    expect((await hyperpay.getPayment(named())).status).to.equal('INITIATED')
    const createdAt = new Date(clock.now().getTime() - minutes(36))
    expect(await hyperpay.getPayment(named({ createdAt }))).to.include({
      status: 'FAILED',
      failureCode: 'expired',
    })
    expect(await hyperpay.findByReference(named({ externalId: null }))).to.equal(undefined)
  })

  it('believes nothing that is filed under another reference', async () => {
    answer('/v1/query', { ...said('000.000.000'), payments: [done({ merchantTransactionId: 'another' })] })
    expect(await hyperpay.findByReference(named())).to.equal(undefined)
  })

  it('captures, releases and sends back what was done before, each with its own kind', async () => {
    const reserved = done({ id: 'reserved', paymentType: 'PA' })
    answer('/v1/query', { ...said('000.000.000'), payments: [reserved] })
    answer('/v1/payments/reserved', done({ id: 'taken', paymentType: 'CP' }))
    const capture = { ...named(), amount: PAYMENT.amount, customer: PAYMENT.customer, webhookUrl: '' }
    expect(await hyperpay.capture(capture)).to.include({ status: 'CAPTURED', captureId: 'taken' })
    expect(recorded.at(-1)?.fields).to.deep.equal({
      entityId: 'entity-cards',
      paymentType: 'CP',
      amount: '92.50',
      currency: 'SAR',
      merchantTransactionId: PAYMENT.reference,
    })
    answers['/v1/payments/reserved'] = [{ status: 200, body: done({ id: 'let-go', paymentType: 'RV' }) }]
    expect(await hyperpay.void(named())).to.include({ status: 'VOIDED' })
    expect(recorded.at(-1)?.fields).to.include({ paymentType: 'RV' })
    answer('/v1/payments/taken', done({ id: 'back', paymentType: 'RF', amount: '30.50' }))
    const told = await hyperpay.refund({
      reference: 'refund-1',
      payment: named({ captureId: 'taken' }),
      amount: halalas(3_050),
      reason: 'x',
      webhookUrl: '',
    })
    expect(recorded.at(-1)?.fields).to.include({
      paymentType: 'RF',
      amount: '30.50',
      merchantTransactionId: 'refund-1',
    })
    expect(told).to.include({ externalId: 'back', status: 'REFUNDED', amount: 3_050, chargeId: 'taken' })
  })

  it('captures nothing that was captured or released before', async () => {
    const reserved = done({ id: 'reserved', paymentType: 'PA' })
    const capture = { ...named(), amount: PAYMENT.amount, customer: PAYMENT.customer, webhookUrl: '' }
    for (const [paymentType, status] of [
      ['CP', 'CAPTURED'],
      ['RV', 'VOIDED'],
    ] as const) {
      answers = {}
      answer('/v1/query', { ...said('000.000.000'), payments: [done({ paymentType }), reserved] })
      expect((await hyperpay.capture(capture)).status).to.equal(status)
      expect(recorded.filter(({ method }) => method === 'POST')).to.be.empty
    }
  })

  it('goes to a live system or to a test one as its host says', () => {
    for (const url of ['https://eu-prod.oppwa.com', 'https://oppwa.com'])
      expect(isLiveHost(url), url).to.equal(true)
    for (const url of [
      'https://test.oppwa.com',
      'https://eu-test.oppwa.com',
      'http://127.0.0.1:1',
      'http://localhost',
    ])
      expect(isLiveHost(url), url).to.equal(false)
  })
})
