import { expect } from 'chai'
import { type Halalas, halalas, netOfInclusive, portion, sum } from '../../api/platform/money.js'
import { seedAll } from '../../seeds/index.js'
import { useContext } from '../support/context.js'

const amounts = (rows: readonly Record<string, number>[], column: string): Halalas =>
  sum(rows.map(row => halalas(row[column] ?? -1)))

describe('seeds: the demo orders', () => {
  const t = useContext()

  before(() => seedAll(t.ownerUrl, { demo: true, environment: 'development' }))

  it('show an order of every kind a buyer meets first', async () => {
    const statuses = await t.db('orders').distinct().orderBy('status').pluck('status')
    expect(statuses).to.deep.equal(['CANCELLED', 'DELIVERED', 'EXPIRED', 'PAID', 'PROCESSING', 'SHIPPED'])
    expect(await t.db('orders').orderBy('id').pluck('number'))
      .to.include('CP-1000001')
      .and.have.length(8)
  })

  it('add up: lines to orders, orders to checkouts', async () => {
    for (const order of await t.db('orders')) {
      const items = await t.db('order_items').where({ order_id: order.id })
      expect(amounts(items, 'total_halalas')).to.equal(order.total_halalas)
      expect(amounts(items, 'net_halalas')).to.equal(order.net_halalas)
    }
    for (const checkout of await t.db('checkouts')) {
      const orders = await t.db('orders').where({ checkout_id: checkout.id })
      expect(amounts(orders, 'total_halalas')).to.equal(checkout.total_halalas)
    }
  })

  it('hold the VAT that is in the shelf prices, and none of a seller who is not registered', async () => {
    const orders = await t
      .db('orders')
      .join('sellers', 'sellers.id', 'seller_id')
      .select('orders.*', 'vat_number')
    for (const order of orders) {
      const rate = order.vat_number === null ? 0 : 1500
      expect(order.net_halalas).to.equal(netOfInclusive(order.total_halalas, rate))
      expect(order.vat_halalas).to.equal(portion(order.net_halalas, rate))
      const rates = await t
        .db('order_items')
        .where({ order_id: order.id })
        .distinct()
        .pluck('vat_basis_points')
      expect(rates).to.deep.equal([rate])
    }
    expect(orders.some(order => order.vat_number === null)).to.equal(true)
  })

  it('copy the words and the price of the listing, which its seller offers', async () => {
    const lines = await t
      .db('order_items as i')
      .join('orders as o', 'o.id', 'i.order_id')
      .join('listings as l', 'l.id', 'i.listing_id')
      .select(
        'i.*',
        'o.seller_id as sold_by',
        'l.seller_id as offered_by',
        'l.price_halalas',
        'l.title_ar as shelf_title',
      )
    expect(lines).to.have.length(13)
    for (const line of lines) {
      expect(line.sold_by).to.equal(line.offered_by)
      expect(line.unit_price_halalas).to.equal(line.price_halalas)
      expect(line.title_ar).to.equal(line.shelf_title)
    }
  })

  it('share a payment to the halala', async () => {
    for (const payment of await t.db('payments')) {
      const shares = await t.db('payment_allocations').where({ payment_id: payment.id })
      expect(amounts(shares, 'amount_halalas')).to.equal(payment.amount_halalas)
      const orders = await t.db('orders').where({ checkout_id: payment.checkout_id })
      expect(shares.map(share => share.order_id)).to.have.members(orders.map(order => order.id))
    }
  })

  it('are captured, dated and announced where they are paid, and only there', async () => {
    const announced = (await t.db('outbox').where({ topic: 'order_paid' }).pluck('payload')).map(
      payload => payload.orderId,
    )
    for (const order of await t.db('orders')) {
      const isPaid = ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED'].includes(order.status)
      const captured = await t.db('payments').where({ checkout_id: order.checkout_id, status: 'CAPTURED' })
      expect(captured, order.number).to.have.length(isPaid ? 1 : 0)
      expect(order.paid_at !== null).to.equal(isPaid)
      expect(announced.includes(order.id)).to.equal(isPaid)
    }
  })

  it('have passed through their steps in order, all of them in the past', async () => {
    for (const order of await t.db('orders')) {
      const steps = [
        order.created_at,
        order.paid_at,
        order.confirmed_at,
        order.shipped_at,
        order.delivered_at,
      ]
      const times = steps.filter(step => step !== null).map(step => step.getTime())
      expect(times).to.deep.equal([...times].sort((a, b) => a - b))
      expect(Math.max(...times)).to.be.below(Date.now())
      expect(order.tracking_number !== null).to.equal(order.shipped_at !== null)
    }
  })
})
