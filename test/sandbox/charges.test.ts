import { expect } from 'chai'
import { codes, useShop } from './tap-shop.js'

const DAY_MS = 24 * 60 * 60 * 1000

describe('sandbox: charges', () => {
  const shop = useShop()

  it('opens a charge with a page for the customer', async () => {
    const { status, body } = await shop.call('POST', '/charges/', shop.aCharge())
    expect(status).to.equal(200)
    expect(body).to.include({ object: 'charge', status: 'INITIATED', live_mode: false, api_version: 'V2' })
    expect(body).to.include({ amount: 115, currency: 'SAR', threeDSecure: true })
    expect(body.id).to.match(/^chg_TS\w+$/)
    expect(body.response).to.deep.equal({ code: '100', message: 'Initiated' })
    expect(body.transaction).to.deep.include({
      created: String(shop.clock.at),
      url: `${shop.sandbox.url}/pay/${body.id}`,
      expiry: { period: 30, type: 'MINUTE' },
    })
    expect(body.reference).to.include({ order: 'CP-1' }).and.to.not.have.property('gateway')
    expect(body.post).to.include({ attempt: 0, status: 'PENDING' })
    expect((await shop.call('GET', `/charges/${body.id}`)).body).to.deep.equal(body)
  })

  const card = { first_name: 'Noura', email: 'n@example.com' }
  const refused: [string, object, string][] = [
    ['no amount', { amount: undefined }, '1117'],
    ['an amount as text', { amount: '115.00' }, '1117'],
    ['nothing to pay', { amount: 0 }, '1117'],
    ['a negative amount', { amount: -1 }, '1117'],
    ['a third decimal in riyals', { amount: 1.005 }, '1117'],
    ['a sum of floats', { amount: 0.1 + 0.2 }, '1117'],
    ['no currency', { currency: undefined }, '1118'],
    ['a currency in small letters', { currency: 'sar' }, '1118'],
    ['a currency Tap does not take', { currency: 'JPY' }, '1119'],
    ['mada in another currency', { currency: 'KWD', source: { id: 'src_sa.mada' } }, '1119'],
    ['no customer', { customer: undefined }, '1102'],
    ['a customer without phone and e-mail', { customer: { first_name: 'Noura' } }, '1102'],
    ['a customer without a name', { customer: { email: 'n@example.com' } }, '1104'],
    ['a wrong e-mail', { customer: { ...card, email: 'nowhere' } }, '1105'],
    [
      'a wrong phone',
      { customer: { first_name: 'N', phone: { country_code: '966', number: 'five' } } },
      '1106',
    ],
    ['no source', { source: undefined }, '1125'],
    ['an unknown source', { source: { id: 'src_kw.knet' } }, '1125'],
    ['a name that objects have by birth', { source: { id: 'constructor' } }, '1125'],
    ['stc pay without a phone', { source: { id: 'src_sa.stcpay' } }, '1127'],
    ['an expiry of 4 minutes', { transaction: { expiry: { period: 4, type: 'MINUTE' } } }, '1129'],
    ['an expiry of 61 minutes', { transaction: { expiry: { period: 61, type: 'MINUTE' } } }, '1129'],
    ['an expiry in hours', { transaction: { expiry: { period: 5, type: 'HOUR' } } }, '1129'],
    ['an order of 100 letters', { reference: { order: 'x'.repeat(100) } }, '1123'],
    ['a description of 1000 letters', { description: 'x'.repeat(1000) }, '1120'],
    ['a descriptor of 60 letters', { statement_descriptor: 'x'.repeat(60) }, '1121'],
    ['metadata of 1000 letters', { metadata: { a: 'x'.repeat(1000) } }, '1122'],
    ['a script as return address', { redirect: { url: 'javascript:alert(1)' } }, '1124'],
    ['a file as webhook address', { post: { url: 'file:///etc/passwd' } }, '1128'],
    ['an unknown authorisation', { source: { id: 'auth_none' } }, '1145'],
    ['two parts for one seller', splits([1, 'a'], [1, 'a']), '1171'],
    ['parts above the whole', splits([100, 'a'], [15.01, 'b']), '1168'],
    ['a part in another currency', splits([1, 'a', 'KWD']), '1172'],
  ]
  for (const [name, change, code] of refused) {
    it(`refuses ${name}`, async () => {
      const reply = await shop.call('POST', '/charges/', shop.aCharge(change))
      expect(reply.status).to.be.within(400, 404)
      expect(codes(reply)).to.deep.equal([code])
      expect(shop.control.payments.list()).to.deep.equal([])
    })
  }

  it('takes parts that add up to the whole', async () => {
    const { status, body } = await shop.call('POST', '/charges', shop.aCharge(splits([100, 'a'], [15, 'b'])))
    expect(status).to.equal(200)
    expect(body.destinations?.destination).to.have.length(2)
  })

  it('tells of every rule that was broken', async () => {
    expect(codes(await shop.call('POST', '/charges/', {}))).to.include.members(['1117', '1118', '1102'])
  })

  it('answers the same key with the first answer for 24 hours', async () => {
    const asked = { reference: { idempotent: 'order-1', order: 'CP-1' } }
    const first = await shop.charge(asked)
    shop.control.payments.approve(first.id)
    const again = await Promise.all(Array.from({ length: 20 }, () => shop.charge({ ...asked, amount: 7 })))
    for (const answer of again) expect(answer).to.deep.equal(first)
    expect(shop.control.payments.list()).to.have.length(1)
    shop.clock.at += DAY_MS
    expect((await shop.charge(asked)).id).to.not.equal(first.id)
  })

  it('keeps no answer of a refusal', async () => {
    const reference = { idempotent: 'order-2' }
    await shop.call('POST', '/charges/', shop.aCharge({ reference, amount: 0 }))
    expect((await shop.charge({ reference })).status).to.equal('INITIATED')
  })

  it('pays at once with a token that needs no customer, and takes a token once', async () => {
    const token = { source: { id: 'tok_4k1Y' }, threeDSecure: false }
    const charge = await shop.charge(token)
    expect(charge.status).to.equal('CAPTURED')
    expect(charge.transaction).to.not.have.property('url')
    expect(codes(await shop.call('POST', '/charges/', shop.aCharge(token)))).to.deep.equal(['1126'])
  })

  it('changes description, metadata and receipt and nothing else', async () => {
    const { id } = await shop.charge()
    const change = { description: 'Brake pads', metadata: { a: 'b' }, amount: 1, status: 'CAPTURED' }
    const { body } = await shop.call('PUT', `/charges/${id}`, change)
    expect(body).to.deep.include({
      description: 'Brake pads',
      metadata: { a: 'b' },
      amount: 115,
      status: 'INITIATED',
    })
  })

  it('tells a wrong id from an unknown one', async () => {
    const wrong = await shop.call('GET', '/charges/something')
    expect([wrong.status, ...codes(wrong)]).to.deep.equal([400, '1143'])
    const unknown = await shop.call('GET', '/charges/chg_TS02Anothing')
    expect([unknown.status, ...codes(unknown)]).to.deep.equal([404, '1144'])
  })

  it('abandons a charge nobody decided in time, silently', async () => {
    const charge = await shop.charge({ transaction: { expiry: { period: 5, type: 'MINUTE' } } })
    shop.clock.at += 5 * 60_000 - 1
    expect((await shop.call('GET', `/charges/${charge.id}`)).body.status).to.equal('INITIATED')
    shop.clock.at += 1
    const { body } = await shop.call('GET', `/charges/${charge.id}`)
    expect(body).to.deep.include({ status: 'ABANDONED', response: { code: '304', message: 'Expired' } })
    expect(() => shop.control.payments.approve(charge.id)).to.throw('ABANDONED')
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.deep.equal([])
  })

  it('forgets the oldest beyond its limit', async () => {
    const small = await import('../../api/sandbox/index.js').then(({ startSandbox }) =>
      startSandbox({ secretKey: 'tap_test_secret_key_0001', maxObjects: 2 }),
    )
    const open = async () => {
      const headers = { authorization: 'Bearer tap_test_secret_key_0001' }
      const body = JSON.stringify(shop.aCharge({ reference: { idempotent: crypto.randomUUID() } }))
      await fetch(`${small.tapApiUrl}/charges/`, { method: 'POST', headers, body })
    }
    for (let count = 0; count < 5; count++) await open()
    expect(small.control.payments.list()).to.have.length(2)
    await small.close()
  })
})

function splits(...parts: [amount: number, id: string, currency?: string][]) {
  return {
    destinations: { destination: parts.map(([amount, id, currency = 'SAR']) => ({ amount, id, currency })) },
  }
}
