import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createExchange } from '../../api/modules/payments/gateways/exchange.js'
import type { Gateway, NewPayment, PaymentHandle } from '../../api/modules/payments/gateways/gateway.js'
import { createTap } from '../../api/modules/payments/gateways/tap.js'
import { halalas } from '../../api/platform/money.js'

const NOBODY = { broken: () => undefined, healed: () => undefined }
/** A payment as we know it; by an id of theirs, or by ours alone. */
const named = (externalId: string | null, over: Partial<PaymentHandle> = {}): PaymentHandle => ({
  externalId,
  captureId: null,
  reference: PAYMENT.reference,
  method: 'card',
  createdAt: new Date('2026-03-01T09:00:00Z'),
  ...over,
})

type Recorded = { method: string; url: string; headers: IncomingHttpHeaders; text: string }

const PAYMENT: NewPayment = {
  reference: '01970000-0000-7000-8000-000000000001',
  amount: halalas(11_500),
  method: 'card',
  authorizeOnly: false,
  orderNumbers: ['CP-1000001', 'CP-1000002'],
  billing: { street: 'شارع العليا', city: 'الرياض', postalCode: '12211' },
  pageUrl: 'https://api.example.sa/pay/1',
  customer: { name: 'سارة', email: 'sara@example.sa', phone: '+966501234567' },
  minutes: 30,
  returnUrl: 'https://shop.example.sa/return',
  webhookUrl: 'https://api.example.sa/api/v1/webhooks/tap',
}
const CHARGE = {
  id: 'chg_TS05A4120230736x9K22710693',
  object: 'charge',
  live_mode: false,
  status: 'INITIATED',
  amount: 115,
  currency: 'SAR',
  reference: { transaction: PAYMENT.reference },
  response: { code: '100', message: 'Initiated' },
  transaction: { url: 'https://pay.example/1', created: '1700000000000' },
}

describe('a request to Tap', () => {
  let server: Server
  let tap: Gateway
  const recorded: Recorded[] = []
  let answer: { status: number; body: string }
  const last = () => recorded.at(-1) as Recorded
  const body = () => JSON.parse(last().text)

  before(async () => {
    server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      recorded.push({
        method: request.method as string,
        url: request.url as string,
        headers: request.headers,
        text,
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const exchange = createExchange('tap', NOBODY, { pauseMs: 1, failures: 1_000 })
    tap = createTap({ baseUrl: `http://127.0.0.1:${port}/v2`, secretKey: 'sk_test_1', exchange })
  })
  beforeEach(() => {
    recorded.length = 0
    answer = { status: 200, body: JSON.stringify(CHARGE) }
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('opens a charge as Tap documents it', async () => {
    const told = await tap.createPayment(PAYMENT)
    expect(last()).to.include({ method: 'POST', url: '/v2/charges/' })
    expect(last().headers).to.include({
      authorization: 'Bearer sk_test_1',
      'content-type': 'application/json',
    })
    expect(body()).to.deep.equal({
      amount: 115,
      currency: 'SAR',
      customer_initiated: true,
      threeDSecure: true,
      save_card: false,
      description: 'CargoParts CP-1000001 CP-1000002',
      reference: {
        transaction: PAYMENT.reference,
        order: 'CP-1000001 CP-1000002',
        idempotent: PAYMENT.reference,
      },
      customer: {
        first_name: 'سارة',
        email: 'sara@example.sa',
        phone: { country_code: '966', number: '501234567' },
      },
      source: { id: 'src_card' },
      post: { url: PAYMENT.webhookUrl },
      redirect: { url: PAYMENT.returnUrl },
      transaction: { expiry: { period: 30, type: 'MINUTE' } },
    })
    expect(told).to.deep.equal({
      externalId: CHARGE.id,
      captureId: undefined,
      status: 'INITIATED',
      amount: 11_500,
      currency: 'SAR',
      reference: PAYMENT.reference,
      redirectUrl: 'https://pay.example/1',
      failureCode: undefined,
      isLive: false,
      unheardOf: undefined,
    })
  })

  const written = {
    1: '0.01',
    10: '0.1',
    1999: '19.99',
    2530: '25.3',
    11500: '115',
    99999999999: '999999999.99',
  }
  for (const [amount, decimal] of Object.entries(written))
    it(`writes ${amount} halalas as ${decimal}`, async () => {
      await tap.createPayment({ ...PAYMENT, amount: halalas(Number(amount)) })
      expect(last().text).to.include(`"amount":${decimal},`)
    })

  const sources = {
    card: 'src_card',
    mada: 'src_sa.mada',
    apple_pay: 'src_apple_pay',
    stc_pay: 'src_sa.stcpay',
  }
  for (const [method, source] of Object.entries(sources))
    it(`asks for ${method} as ${source}`, async () => {
      await tap.createPayment({ ...PAYMENT, method: method as NewPayment['method'] })
      expect(body().source.id).to.equal(source)
      const phone = method === 'stc_pay' ? { country_code: '966', number: '501234567' } : undefined
      expect(body().source.phone).to.deep.equal(phone)
    })

  it('leaves out a phone it does not know', async () => {
    await tap.createPayment({ ...PAYMENT, customer: { ...PAYMENT.customer, phone: null } })
    expect(body().customer).to.deep.equal({ first_name: 'سارة', email: 'sara@example.sa' })
  })

  it('sends money back under its own reference', async () => {
    const refund = { id: 're_1', status: 'PENDING', amount: 30.5, currency: 'SAR', charge_id: 'chg_1' }
    answer.body = JSON.stringify({ ...refund, reference: { merchant: 'ours' } })
    const told = await tap.refund({
      reference: 'ours',
      payment: named('chg_1'),
      amount: halalas(3_050),
      reason: 'x'.repeat(400),
      webhookUrl: PAYMENT.webhookUrl,
    })
    expect(last()).to.include({ method: 'POST', url: '/v2/refunds' })
    expect(body()).to.deep.equal({
      charge_id: 'chg_1',
      amount: 30.5,
      currency: 'SAR',
      reason: 'x'.repeat(249),
      reference: { merchant: 'ours', idempotent: 'ours' },
      post: { url: PAYMENT.webhookUrl },
    })
    expect(told).to.include({ externalId: 're_1', status: 'PENDING', amount: 3_050, reference: 'ours' })
  })

  const statuses = {
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
    captured: 'UNKNOWN',
    PAID: 'UNKNOWN',
    constructor: 'UNKNOWN',
    toString: 'UNKNOWN',
  }
  for (const [theirs, ours] of Object.entries(statuses))
    it(`reads ${theirs} as ${ours}`, async () => {
      answer.body = JSON.stringify({ ...CHARGE, status: theirs })
      expect((await tap.getPayment(named('chg_1'))).status).to.equal(ours)
      answer.body = JSON.stringify({ id: 're_1', amount: 1, charge_id: 'chg_1', status: theirs })
      const known = ['PENDING', 'REFUNDED', 'FAILED', 'UNKNOWN']
      expect(
        (
          await tap.getRefund({
            reference: 'ours',
            externalId: 're_1',
            payment: named('chg_1'),
            since: new Date(),
          })
        ).status,
      ).to.be.oneOf(known)
    })

  it('lets a reserved amount go, and where it was taken meanwhile tells by which charge', async () => {
    const authorization = { ...CHARGE, id: 'auth_1', status: 'VOID' }
    answer = { status: 200, body: JSON.stringify(authorization) }
    expect(await tap.void(named('auth_1'))).to.include({ status: 'VOIDED' })
    const charges = [{ ...CHARGE, id: 'chg_2', status: 'CAPTURED' }]
    answer = { status: 200, body: JSON.stringify({ ...authorization, status: 'CAPTURED', charges }) }
    const told = await tap.void(named('auth_1'))
    expect(told).to.include({ status: 'CAPTURED', externalId: 'auth_1', captureId: 'chg_2' })
    answer.body = JSON.stringify({ ...authorization, status: 'CAPTURED' })
    expect(await tap.void(named('auth_1'))).to.include({ status: 'UNKNOWN' })
  })

  it('asks by an id without letting it leave its path', async () => {
    await tap.getPayment(named('../refunds/re_1?x=1'))
    expect(last().url).to.equal('/v2/charges/..%2Frefunds%2Fre_1%3Fx%3D1')
  })

  describe('that fails', () => {
    const failure = () => tap.getPayment(named('chg_1')).catch((error: unknown) => error)

    it('with an error of Tap is a refusal that carries its code, and is not repeated', async () => {
      const errors = [{ code: '1117', description: 'Amount is invalid for 4111 1111 1111 1111' }]
      answer = { status: 400, body: JSON.stringify({ errors }) }
      expect(await failure())
        .to.be.an('error')
        .that.deep.includes({ kind: 'conflict', code: 'payments.refused_by_provider' })
        .with.property('message')
        .that.includes('411111******1111')
      expect(recorded).to.have.length(1)
    })

    for (const [what, status, text] of [
      ['an error of their server', 500, '{}'],
      ['too many requests', 429, '{}'],
      ['a page of HTML', 200, '<html>'],
      ['an answer without an id', 200, '{"status":"CAPTURED"}'],
      ['an answer of null', 200, 'null'],
      ['a redirect', 302, '{}'],
    ] as const)
      it(`with ${what} is unavailable: neither paid nor failed`, async () => {
        answer = { status, body: text }
        expect(await failure()).to.include({ kind: 'unavailable', code: 'provider.unavailable' })
      })

    for (const status of [401, 403])
      it(`with ${status} is our mistake: nothing was done, and the same request may come again`, async () => {
        answer = { status, body: '{"errors":[{"code":"2107","description":"Unauthorized"}]}' }
        expect(await failure()).to.include({ kind: 'unavailable', code: 'provider.unavailable' })
      })
  })
})
