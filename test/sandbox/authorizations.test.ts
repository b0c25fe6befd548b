import { expect } from 'chai'
import { codes, useShop } from './tap-shop.js'

const HOUR_MS = 3_600_000

describe('sandbox: authorisations', () => {
  const shop = useShop()
  const authorize = (changes: object = {}) => shop.call('POST', '/authorize', shop.aCharge(changes))
  async function authorized(changes: object = {}): Promise<string> {
    const { id } = (await authorize(changes)).body
    shop.control.payments.approve(id, '4012000033330026')
    return id
  }
  const capture = (id: string, changes: object = {}) =>
    shop.call('POST', '/charges/', shop.aCharge({ source: { id }, ...changes }))

  it('reserves, then captures a part, once', async () => {
    const id = await authorized()
    const held = (await shop.call('GET', `/authorize/${id}`)).body
    expect(held).to.deep.include({ status: 'AUTHORIZED', response: { code: '001', message: 'Authorized' } })
    const { body } = await capture(id, { amount: 100 })
    expect(body).to.include({ object: 'charge', status: 'CAPTURED', amount: 100 })
    expect(body.transaction.authorization_id).to.equal(id)
    expect(body.card?.last_four).to.equal('0026')
    expect((await shop.call('GET', `/authorize/${id}`)).body.status).to.equal('CAPTURED')
    expect(codes(await capture(id, { amount: 1 }))).to.deep.equal(['1126'])
  })

  it('answers a repeated capture with the first answer', async () => {
    const id = await authorized()
    const reference = { idempotent: 'capture-1' }
    const first = await capture(id, { reference })
    expect((await capture(id, { reference })).body).to.deep.equal(first.body)
  })

  it('captures no more than was reserved, in no other currency, and not without the customer', async () => {
    const id = await authorized()
    expect(codes(await capture(id, { amount: 115.01 }))).to.deep.equal(['1150'])
    expect(codes(await capture(id, { currency: 'USD' }))).to.deep.equal(['1118'])
    expect(codes(await capture(id, { threeDSecure: false }))).to.deep.equal(['1130'])
  })

  it('voids, and captures nothing afterwards', async () => {
    const id = await authorized()
    const { body } = await shop.call('POST', `/authorize/${id}/void`)
    expect(body).to.deep.include({ status: 'VOID', response: { code: '601', message: 'Void' } })
    expect(codes(await capture(id))).to.deep.equal(['1146'])
    expect(codes(await shop.call('POST', `/authorize/${id}/void`))).to.deep.equal(['1146'])
    await shop.control.webhooks.idle()
    expect(shop.hooks.map(({ object }) => object.status).sort()).to.deep.equal(['AUTHORIZED', 'VOID'])
  })

  it('voids by itself after the hours asked for', async () => {
    const id = await authorized({ auto: { type: 'VOID', time: 2 } })
    shop.clock.at += 2 * HOUR_MS - 1
    expect((await shop.call('GET', `/authorize/${id}`)).body.status).to.equal('AUTHORIZED')
    shop.clock.at += 1
    expect((await shop.call('GET', `/authorize/${id}`)).body.status).to.equal('VOID')
  })

  it('is for credit cards', async () => {
    const phone = { country_code: '966', number: '500000001' }
    expect(codes(await authorize({ source: { id: 'src_sa.mada' } }))).to.deep.equal(['1125'])
    expect(codes(await authorize({ source: { id: 'src_sa.stcpay', phone } }))).to.deep.equal(['1125'])
    expect(codes(await authorize({ auto: { type: 'VOID', time: 169 } }))).to.deep.equal(['1147'])
  })

  it('knows an unknown one', async () => {
    expect((await shop.call('GET', '/authorize/auth_none')).status).to.equal(404)
  })
})
