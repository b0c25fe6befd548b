import { expect } from 'chai'
import type { TapRefund } from '../../api/sandbox/index.js'
import { codes, useShop } from './tap-shop.js'

describe('sandbox: refunds', () => {
  const shop = useShop()
  const refund = (charge_id: string, amount: number, more: object = {}) =>
    shop.call<TapRefund>('POST', '/refunds', {
      charge_id,
      amount,
      currency: 'SAR',
      reason: 'returned',
      ...more,
    })

  it('refunds and tells the shop', async () => {
    const { id } = await shop.paid({ post: undefined })
    const post = { url: `${shop.shopUrl}/hook` }
    const { status, body } = await refund(id, 15.5, { post, reference: { merchant: 'RF-1' } })
    expect(status).to.equal(200)
    expect(body).to.deep.include({
      object: 'refund',
      status: 'REFUNDED',
      amount: 15.5,
      charge_id: id,
      created: String(shop.clock.at),
      response: { code: '000', message: 'Refunded' },
    })
    expect(body.reference.merchant).to.equal('RF-1')
    await shop.control.webhooks.idle()
    expect(shop.hooks.map(({ object }) => object.id)).to.deep.equal([body.id])
    expect((await shop.call<TapRefund>('GET', `/refunds/${body.id}`)).body.post?.status).to.equal('SUCCESS')
  })

  it('never gives back more than was captured, however many ask at once', async () => {
    const { id } = await shop.paid()
    const replies = await Promise.all(Array.from({ length: 20 }, () => refund(id, 10)))
    expect(replies.filter(({ status }) => status === 200)).to.have.length(11)
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      expect([reply.status, ...codes(reply)]).to.deep.equal([400, '1161'])
    }
    expect((await refund(id, 5)).status).to.equal(200)
    expect(codes(await refund(id, 0.01))).to.deep.equal(['1161'])
  })

  it('gives nothing back of a charge that was not captured', async () => {
    const { id } = await shop.charge()
    expect(codes(await refund(id, 1))).to.deep.equal(['1161'])
  })

  it('answers the same key with the first answer', async () => {
    const { id } = await shop.paid()
    const first = await refund(id, 15, { reference: { idempotent: 'refund-1' } })
    const again = await refund(id, 15, { reference: { idempotent: 'refund-1' } })
    expect(again.body).to.deep.equal(first.body)
    expect(shop.control.refunds.list()).to.have.length(1)
  })

  const refused: [string, object, string][] = [
    ['no reason', { reason: undefined }, '1163'],
    ['a third decimal', { amount: 1.005 }, '1117'],
    ['another currency', { currency: 'USD' }, '1118'],
    ['an id that is none', { charge_id: 'x' }, '1143'],
    ['an unknown charge', { charge_id: 'chg_TS02Anone' }, '1144'],
  ]
  for (const [name, change, code] of refused) {
    it(`refuses ${name}`, async () => {
      const { id } = await shop.paid()
      expect(codes(await refund(id, 1, change))).to.deep.equal([code])
    })
  }

  it('waits for the bank when told to, and frees the amount when the bank declines', async () => {
    const { id } = await shop.paid()
    await shop.control.webhooks.idle()
    shop.hooks.length = 0
    shop.control.refunds.hold()
    const pending = (await refund(id, 115, { post: { url: `${shop.shopUrl}/hook` } })).body
    expect(pending).to.deep.include({ status: 'PENDING', response: { code: '100', message: 'Pending' } })
    expect(codes(await refund(id, 1))).to.deep.equal(['1161'])
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.deep.equal([])
    shop.control.refunds.settle(pending.id, '501')
    expect((await shop.call('GET', `/refunds/${pending.id}`)).body.status).to.equal('DECLINED')
    expect((await refund(id, 115)).status).to.equal(200)
    await shop.control.webhooks.idle()
    expect(shop.hooks.map(({ object }) => object.status)).to.deep.equal(['DECLINED'])
    expect(() => shop.control.refunds.settle(pending.id)).to.throw('DECLINED')
  })
})
