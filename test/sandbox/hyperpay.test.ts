import { createDecipheriv } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { type Sandbox, startSandbox } from '../../api/sandbox/index.js'

const KEY = '33'.repeat(32)
const TOKEN = 'a-token-of-the-tests'
type Hook = { headers: IncomingHttpHeaders; text: string }
// the wire's shape is asserted where it matters
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape
type Json = any

describe('sandbox: HyperPay', () => {
  let receiver: Server
  let sandbox: Sandbox
  let folder: string
  const hooks: Hook[] = []
  const clock = { at: Date.UTC(2026, 2, 1, 9), now: () => new Date(clock.at) }
  const start = () =>
    startSandbox({
      secretKey: 'sk_test_sandbox',
      nodeEnv: 'test',
      clock,
      stateFile: path.join(folder, 'state.json'),
      webhooks: { gapsMs: [1, 1] },
      hyperpay: {
        accessToken: TOKEN,
        entityIds: ['cards', 'mada'],
        webhookKey: KEY,
        webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
      },
    })

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cargoparts-sandbox-'))
    receiver = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      hooks.push({ headers: request.headers, text })
      response.end()
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    sandbox = await start()
  })
  beforeEach(async () => {
    await sandbox.control.reset()
    hooks.length = 0
  })
  after(async () => {
    await sandbox.close()
    receiver.closeAllConnections()
    receiver.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const FORM = {
    entityId: 'cards',
    amount: '92.00',
    currency: 'SAR',
    paymentType: 'DB',
    merchantTransactionId: 'reference-1',
    'customer.email': 'noura@example.sa',
    'billing.street1': 'King Road',
    'billing.city': 'Riyadh',
    'billing.country': 'SA',
  }
  async function call(
    method: 'GET' | 'POST',
    where: string,
    fields: Record<string, string>,
    token: string | null = TOKEN,
  ): Promise<{ status: number; body: Json }> {
    const form = new URLSearchParams(fields)
    const response = await fetch(`${sandbox.hyperpayApiUrl}${where}${method === 'GET' ? `?${form}` : ''}`, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(method === 'POST' ? { body: form } : {}),
    })
    return { status: response.status, body: await response.json() }
  }
  const prepare = async (over: Record<string, string> = {}): Promise<string> =>
    (await call('POST', '/v1/checkouts', { ...FORM, ...over })).body.id
  const codeOf = ({ body }: { body: Json }): string => body.result.code
  const opened = ({ headers, text }: Hook): Json => {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(KEY, 'hex'),
      Buffer.from(headers['x-initialization-vector'] as string, 'hex'),
      { authTagLength: 16 },
    )
    decipher.setAuthTag(Buffer.from(headers['x-authentication-tag'] as string, 'hex'))
    const bytes = Buffer.concat([decipher.update(Buffer.from(text, 'hex')), decipher.final()])
    return JSON.parse(bytes.toString('utf8'))
  }

  it('wants a bearer token: 401 without, 403 with another', async () => {
    expect((await call('POST', '/v1/checkouts', FORM, null)).status).to.equal(401)
    expect((await call('POST', '/v1/checkouts', FORM, 'another')).status).to.equal(403)
  })

  for (const [what, over] of Object.entries({
    entity: { entityId: 'another' },
    amount: { amount: '92.5' },
    currency: { currency: 'riyal' },
    type: { paymentType: 'XX' },
    email: { 'customer.email': 'nobody' },
    country: { 'billing.country': 'Saudi' },
  }))
    it(`prepares nothing with a wrong ${what}, and names it`, async () => {
      const refusal = await call('POST', '/v1/checkouts', { ...FORM, ...over })
      expect(refusal.status).to.equal(400)
      expect(codeOf(refusal)).to.equal('200.300.404')
      expect(refusal.body.result.parameterErrors[0].name).to.equal(Object.keys(over)[0])
    })

  it('has a checkout paid: pending before, the payment after, and again by its reference', async () => {
    const id = await prepare()
    const where = `/v1/checkouts/${id}/payment`
    expect(codeOf(await call('GET', where, { entityId: 'cards' }))).to.equal('000.200.000')
    expect(codeOf(await call('GET', where, { entityId: 'mada' }))).to.equal('200.300.404')
    sandbox.control.hyperpay.pay(id)
    const paid = await call('GET', where, { entityId: 'cards' })
    expect(paid.status).to.equal(200)
    expect(paid.body).to.deep.include({ paymentType: 'DB', amount: '92.00', currency: 'SAR' })
    const query = { entityId: 'cards', merchantTransactionId: 'reference-1' }
    expect((await call('GET', '/v1/query', query)).body.payments[0].id).to.equal(paid.body.id)
    const none = await call('GET', '/v1/query', { ...query, merchantTransactionId: 'another' })
    expect(codeOf(none)).to.equal('700.400.580')
  })

  it('answers a decline with 400 and lets another card be tried, but not after one was accepted', async () => {
    const id = await prepare()
    sandbox.control.hyperpay.decline(id)
    const declined = await call('GET', `/v1/checkouts/${id}/payment`, { entityId: 'cards' })
    expect([declined.status, codeOf(declined)]).to.deep.equal([400, '800.100.155'])
    sandbox.control.hyperpay.pay(id)
    expect(() => sandbox.control.hyperpay.pay(id)).to.throw('cannot be paid again')
    const query = { entityId: 'cards', merchantTransactionId: 'reference-1' }
    expect((await call('GET', '/v1/query', query)).body.payments).to.have.length(2)
  })

  it('forgets a checkout after half an hour, not what was paid on it', async () => {
    const id = await prepare()
    sandbox.control.hyperpay.pay(id)
    clock.at += 30 * 60_000
    expect(codeOf(await call('GET', `/v1/checkouts/${id}/payment`, { entityId: 'cards' }))).to.equal(
      '200.300.404',
    )
    const query = { entityId: 'cards', merchantTransactionId: 'reference-1' }
    expect((await call('GET', '/v1/query', query)).body.payments).to.have.length(1)
  })

  it('captures once and up to the amount; sends back up to what was taken; reverses what nothing was done to', async () => {
    const manage = async (id: string, paymentType: string, amount = '92.00') =>
      call('POST', `/v1/payments/${id}`, {
        entityId: 'cards',
        paymentType,
        amount,
        currency: 'SAR',
        merchantTransactionId: `of-${paymentType}-${amount}`,
      })
    const reserved = sandbox.control.hyperpay.pay(await prepare({ paymentType: 'PA' })).id
    expect(codeOf(await manage(reserved, 'CP', '92.01'))).to.equal('700.400.100')
    expect(codeOf(await manage(reserved, 'RF'))).to.equal('700.400.200')
    const taken = await manage(reserved, 'CP')
    expect(codeOf(taken)).to.equal('000.100.110')
    expect(codeOf(await manage(reserved, 'CP', '1.00'))).to.equal('700.400.100')
    expect(codeOf(await manage(taken.body.id, 'RF', '50.00'))).to.equal('000.100.110')
    expect(codeOf(await manage(taken.body.id, 'RF', '50.00'))).to.equal('700.400.200')
    expect(codeOf(await manage(taken.body.id, 'RF', '42.00'))).to.equal('000.100.110')
    const other = sandbox.control.hyperpay.pay(await prepare({ paymentType: 'PA' })).id
    expect(codeOf(await manage(other, 'RV'))).to.equal('000.100.110')
    expect(codeOf(await manage(other, 'CP'))).to.equal('700.400.100')
    expect(codeOf(await manage('nothing', 'RF'))).to.equal('700.400.580')
  })

  it('does a write twice that is sent twice: it knows no repeat', async () => {
    const ids = [await prepare(), await prepare()]
    expect(new Set(ids).size).to.equal(2)
  })

  it('encrypts its webhooks, each with a vector of its own', async () => {
    sandbox.control.webhooks.repeat(1)
    const id = await prepare()
    sandbox.control.hyperpay.decline(id)
    sandbox.control.hyperpay.pay(id)
    await sandbox.control.webhooks.idle()
    expect(hooks).to.have.length(2)
    for (const { text, headers } of hooks) {
      expect(text).to.match(/^([0-9A-F]{2})+$/)
      expect(headers['x-initialization-vector']).to.match(/^[0-9A-F]{24}$/)
      expect(headers['x-authentication-tag']).to.match(/^[0-9A-F]{32}$/)
    }
    const said = hooks.map(opened)
    expect(said.map(event => event.type)).to.deep.equal(['PAYMENT', 'PAYMENT'])
    expect(said.map(event => event.payload.result.code).sort()).to.deep.equal(['000.100.110', '800.100.155'])
    expect(new Set(hooks.map(hook => hook.headers['x-initialization-vector'])).size).to.equal(2)
  })

  it('can be told to fail, to garble and to stay silent after the work', async () => {
    const { faults } = sandbox.control
    faults.add({ kind: 'status', status: 503, on: 'hyperpay.prepare' })
    expect((await call('POST', '/v1/checkouts', FORM)).status).to.equal(503)
    faults.add({ kind: 'garble', on: 'hyperpay.prepare' })
    expect(await call('POST', '/v1/checkouts', FORM).catch(() => 'no JSON')).to.equal('no JSON')
    faults.add({ kind: 'drop', on: 'hyperpay.prepare' })
    expect(await call('POST', '/v1/checkouts', FORM).catch(() => 'cut')).to.equal('cut')
    expect(sandbox.control.hyperpay.checkouts()).to.have.length(2)
  })

  it('shows a page in both languages, and sends its customer back with what proves nothing', async () => {
    const id = await prepare({ merchantInvoiceId: 'CP-1000001' })
    const back = 'http://127.0.0.1:1/return?x=1'
    const address = `${sandbox.url}/hyperpay/pay/${id}?${new URLSearchParams({ lang: 'ar', brands: 'MADA', back })}`
    const html = await (await fetch(address)).text()
    expect(html).to.include('dir="rtl"').and.include('MADA 5360').and.include('CP-1000001')
    expect(html).to.not.include('VISA')
    const sent = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ decision: 'pay', card: 'MADA', code: '000.100.110' }),
    })
    expect(sent.status).to.equal(303)
    const to = new URL(sent.headers.get('location') as string)
    expect(Object.fromEntries(to.searchParams)).to.deep.equal({
      x: '1',
      id,
      resourcePath: `/v1/checkouts/${id}/payment`,
    })
    const [paid] = sandbox.control.hyperpay.operations()
    expect(paid).to.include({ paymentBrand: 'MADA', checkoutId: id })
    // pressed twice, it is paid once
    await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ decision: 'decline' }),
    })
    expect(sandbox.control.hyperpay.operations()).to.have.length(1)
    expect(await (await fetch(address)).text()).to.include('000.100.110')
    expect((await fetch(`${sandbox.url}/hyperpay/pay/none`)).status).to.equal(404)
  })

  it('gives the script of its fields with the hash it promised', async () => {
    const made = await call('POST', '/v1/checkouts', { ...FORM, integrity: 'true' })
    const script = await fetch(`${sandbox.hyperpayApiUrl}/v1/paymentWidgets.js?checkoutId=${made.body.id}`)
    const digest = await crypto.subtle.digest('SHA-384', await script.arrayBuffer())
    expect(made.body.integrity).to.equal(`sha384-${Buffer.from(digest).toString('base64')}`)
    expect(script.headers.get('access-control-allow-origin')).to.equal('*')
  })

  it('is driven from a terminal too', async () => {
    const id = await prepare()
    const send = (where: string, body: object) =>
      fetch(`${sandbox.url}/control/hyperpay${where}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const paid = (await (await send(`/checkouts/${id}/pay`, { code: '000.200.000' })).json()) as Json
    expect(paid.result.code).to.equal('000.200.000')
    expect((await send(`/operations/${paid.id}/settle`, {})).status).to.equal(200)
    expect(sandbox.control.hyperpay.operations()[0]?.result.code).to.equal('000.100.110')
    expect((await send('/answers', { code: 'nonsense' })).status).to.equal(422)
  })

  it('remembers across a restart', async () => {
    const id = await prepare()
    sandbox.control.hyperpay.pay(id)
    await sandbox.close()
    sandbox = await start()
    expect(sandbox.control.hyperpay.operations()[0]?.checkoutId).to.equal(id)
  })
})
