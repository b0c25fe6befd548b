import { expect } from 'chai'
import { halalas } from '../../api/platform/money.js'
import { useContext } from '../support/context.js'
import { order } from '../support/ordering.js'
import { ADDRESS, place, stockOf } from '../support/shopping.js'

const NOWHERE = '01970000-0000-7000-8000-000000000000'

describe('a cart that is refused', () => {
  const t = useContext()
  const nothingWritten = async () => {
    expect(await t.db('checkouts')).to.be.empty
    expect(await t.db('orders')).to.be.empty
  }

  it('changes nothing when one line of several is short', async () => {
    const [plenty, scarce] = [
      await t.accounts.listing({ stock: 9 }),
      await t.accounts.listing({ stock: 1 }, 'seller:2'),
    ]
    const answer = await order(t, [
      { listingId: plenty.id, quantity: 3 },
      { listingId: scarce.id, quantity: 2 },
    ])
    expect(answer.status).to.equal(409)
    expect(answer.body).to.deep.include({
      code: 'listings.insufficient_stock',
      listingIds: [scarce.id],
      status: 409,
    })
    expect(await stockOf(t, plenty.id)).to.equal(9)
    expect(await stockOf(t, scarce.id)).to.equal(1)
    await nothingWritten()
    expect(await t.owner('audit_log').where({ action: 'order_created' })).to.be.empty
  })

  for (const status of ['PAUSED', 'DRAFT', 'REMOVED'] as const) {
    it(`takes nothing from a listing that is ${status}`, async () => {
      const listing = await t.accounts.listing({ stock: 4 })
      await t.owner('listings').where({ id: listing.id }).update({ status })
      const answer = await order(t, [{ listingId: listing.id, quantity: 1 }])
      expect(answer.status).to.equal(409)
      expect(answer.body.listingIds).to.deep.equal([listing.id])
      expect(await stockOf(t, listing.id)).to.equal(4)
      await nothingWritten()
    })
  }

  it('knows no listing by an id that does not exist', async () => {
    const answer = await order(t, [{ listingId: NOWHERE, quantity: 1 }])
    expect(answer.status).to.equal(409)
    expect(answer.body).to.deep.include({ code: 'listings.insufficient_stock', listingIds: [NOWHERE] })
  })

  it('does not let sellers buy from themselves, not even among other things', async () => {
    const own = await t.accounts.listing({ stock: 3 })
    const other = await t.accounts.listing({ stock: 3 }, 'seller:2')
    const lines = [own, other].map(({ id }) => ({ listingId: id, quantity: 1 }))
    const answer = await order(t, lines, 'seller')
    expect(answer.status).to.equal(409)
    expect(answer.body.code).to.equal('orders.own_listing')
    expect(await stockOf(t, own.id)).to.equal(3)
    expect(await stockOf(t, other.id)).to.equal(3)
    await nothingWritten()
  })

  it('refuses the same listing twice, in whatever case its id is written', async () => {
    const { id } = await t.accounts.listing()
    for (const twin of [id, id.toUpperCase()]) {
      const answer = await order(t, [
        { listingId: id, quantity: 1 },
        { listingId: twin, quantity: 1 },
      ])
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal('#/lines')
    }
    expect(await stockOf(t, id)).to.equal(10)
  })

  for (const quantity of [0, -1, 1.5, 1001, 1e21, '1', null, true]) {
    it(`takes no quantity of ${JSON.stringify(quantity)}`, async () => {
      const { id } = await t.accounts.listing()
      const answer = await order(t, [{ listingId: id, quantity: quantity as number }])
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal('#/lines/0/quantity')
    })
  }

  it('takes 1 to 50 lines and an address', async () => {
    const many = Array.from({ length: 51 }, (_, index) => ({
      listingId: NOWHERE.slice(0, -2) + String(10 + index),
      quantity: 1,
    }))
    const pointers = async (body: object) => {
      const answer = await t.post('/api/v1/orders', { as: 'buyer', key: 'k', body })
      expect(answer.status, answer.text).to.equal(422)
      return answer.body.errors.map((each: { pointer: string }) => each.pointer)
    }
    expect(await pointers({ lines: [], deliveryAddress: ADDRESS })).to.deep.equal(['#/lines'])
    expect(await pointers({ lines: many, deliveryAddress: ADDRESS })).to.deep.equal(['#/lines'])
    expect(await pointers({ lines: many.slice(0, 1) })).to.deep.equal(['#/deliveryAddress'])
    const bad = { ...ADDRESS, phone: '12345', postalCode: '1' }
    expect(await pointers({ lines: many.slice(0, 1), deliveryAddress: bad })).to.have.members([
      '#/deliveryAddress/phone',
      '#/deliveryAddress/postalCode',
    ])
  })

  for (const as of ['officer', 'finance', 'admin'] as const)
    it(`is not for the role ${as}`, async () => {
      expect((await order(t, [{ listingId: NOWHERE, quantity: 1 }], as)).status).to.equal(403)
    })
})

describe('placing a cart', () => {
  const t = useContext()

  describe('of several sellers', () => {
    it('makes one checkout with an order a seller, whose totals add up', async () => {
      const pads = await t.accounts.listing({ stock: 10, priceHalalas: halalas(190) })
      const disc = await t.accounts.listing({ stock: 10, priceHalalas: halalas(410) })
      const bulb = await t.accounts.listing({ stock: 10, priceHalalas: halalas(330) }, 'seller:2')
      const checkout = (
        await order(t, [
          { listingId: pads.id, quantity: 3 },
          { listingId: bulb.id, quantity: 1 },
          { listingId: disc.id, quantity: 2 },
        ])
      ).body
      expect(checkout.total).to.deep.equal({ amount: 1_720, currency: 'SAR' })
      expect(checkout.orders).to.have.length(2)
      const [one, two] = checkout.orders
      expect(one).to.include({ status: 'PENDING', sellerId: pads.sellerId, checkoutId: checkout.id })
      expect(two).to.include({ status: 'PENDING', sellerId: bulb.sellerId })
      expect(one.items.map((item: { listingId: string }) => item.listingId)).to.deep.equal([pads.id, disc.id])
      expect([one.total.amount, two.total.amount]).to.deep.equal([1_390, 330])
      for (const { net, vat, rounding, total } of checkout.orders)
        expect(net.amount + vat.amount + rounding.amount).to.equal(total.amount)
      expect([one.net.amount, one.vat.amount, one.rounding.amount]).to.deep.equal([1_209, 181, 0])
      expect([two.net.amount, two.vat.amount, two.rounding.amount]).to.deep.equal([287, 43, 0])
      expect([await stockOf(t, pads.id), await stockOf(t, disc.id), await stockOf(t, bulb.id)]).to.deep.equal(
        [7, 8, 9],
      )
      expect(one.number).to.match(/^CP-\d{7}$/)
      expect(two.number).not.to.equal(one.number)
    })

    it('charges no VAT for a seller who is not registered for it', async () => {
      await t.accounts.shop('seller:small', { vatNumber: null })
      const listing = await t.accounts.listing({ priceHalalas: halalas(11_500) }, 'seller:small')
      const { orders } = (await order(t, [{ listingId: listing.id, quantity: 1 }])).body
      expect(orders[0].net.amount).to.equal(11_500)
      expect(orders[0].vat.amount).to.equal(0)
      expect(orders[0].items[0].vatBasisPoints).to.equal(0)
    })

    it('lets a seller buy from another', async () => {
      const listing = await t.accounts.listing({}, 'seller:2')
      expect((await order(t, [{ listingId: listing.id, quantity: 1 }], 'seller')).status).to.equal(201)
    })
  })

  it('keeps titles, prices and the address as they were', async () => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(5_000), titleEn: 'Before' })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 2 }])
    const changed = await t.patch(`/api/v1/listings/${listing.id}`, {
      as: 'seller',
      body: { title: { ar: 'بعد', en: 'After' }, price: { amount: 9_900 } },
    })
    expect(changed.status, changed.text).to.equal(200)
    const { body } = await t.get(`/api/v1/checkouts/${checkout.id}`, { as: 'buyer' })
    expect(body.total.amount).to.equal(10_000)
    expect(body.deliveryAddress).to.deep.equal({ ...ADDRESS, phone: '+966501234567' })
    expect(body.orders[0].items[0].title).to.deep.equal({ ar: 'فحمات أمامية', en: 'Before' })
    expect(body.orders[0].items[0].unitPrice.amount).to.equal(5_000)
  })

  it('tells until when the stock is held: half an hour', async () => {
    const listing = await t.accounts.listing()
    const [placed] = (await order(t, [{ listingId: listing.id, quantity: 1 }])).body.orders
    const held = Date.parse(placed.holdExpiresAt) - t.clock.now().getTime()
    expect(held).to.be.within(29 * 60_000, 30 * 60_000)
  })

  it('writes who placed it', async () => {
    const listing = await t.accounts.listing()
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const [row] = await t.owner('audit_log').where({ action: 'order_created', object_id: orders[0]?.id })
    expect(row).to.deep.include({
      actor_kind: 'user',
      actor_id: (await t.accounts.account('buyer')).id,
      order_id: orders[0]?.id,
      details: { totalHalalas: 11_500 },
    })
  })
})
