import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { atOnce, tally } from '../support/ordering.js'
import { buy, place, statusOf, stockOf } from '../support/shopping.js'

describe('cancelling an order', () => {
  const t = useContext()
  const cancel = (id: string | undefined, as: 'buyer' | 'officer' | 'buyer:2' | 'seller' = 'buyer') =>
    t.post(`/api/v1/orders/${id}/cancel`, { as, key: randomUUID() })
  const documentsOf = (orderId: string) => t.db('invoices').where({ order_id: orderId }).orderBy('id')

  it('gives its stock back, once, however often it is asked for', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 2 }])
    const answers = await atOnce(6, () => cancel(orders[0]?.id))
    expect(tally(answers)).to.deep.equal({ 200: 6 })
    expect(answers.map(answer => answer.body.status)).to.deep.equal(Array(6).fill('CANCELLED'))
    expect(await stockOf(t, listing.id)).to.equal(5)
    const audited = await t.owner('audit_log').where({ action: 'order_cancelled', order_id: orders[0]?.id })
    expect(audited).to.have.length(1)
    await t.settle()
    expect(await t.db('refunds')).to.be.empty
  })

  it('sends back what was paid and answers the invoice with a credit note', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    expect((await cancel(orderId)).body.status).to.equal('CANCELLED')
    expect(await stockOf(t, listing.id)).to.equal(5)
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
    expect(await t.db('payments').where({ id: payment.id }).first()).to.include({
      status: 'REFUNDED',
      refunded_halalas: 11_500,
    })
    const [refund] = t.sandbox.control.refunds.list()
    expect(refund).to.include({ charge_id: payment.chargeId, amount: 115, currency: 'SAR' })
    const [invoice, note] = await documentsOf(orderId)
    expect(note).to.include({ kind: 'CREDIT_NOTE', original_id: invoice.id, total_halalas: 11_500 })
    expect(note.number).to.match(/^CN-\d+-000001$/)
    const told = await t.db('notifications').whereRaw("data ->> 'orderId' = ?", [orderId]).pluck('kind')
    expect(told).to.include.members(['order_cancelled', 'order_refunded'])
  })

  it('works while the seller prepares it, and no more once it is shipped', async () => {
    const listing = await t.accounts.listing()
    const first = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const second = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    for (const { orderId } of [first, second])
      expect((await t.post(`/api/v1/orders/${orderId}/confirm`, { as: 'seller' })).status).to.equal(200)
    expect((await cancel(first.orderId)).status).to.equal(200)

    const body = { carrier: 'SMSA', trackingNumber: '1' }
    expect((await t.post(`/api/v1/orders/${second.orderId}/ship`, { as: 'seller', body })).status).to.equal(
      200,
    )
    for (const as of ['buyer', 'officer'] as const) {
      const refusal = await cancel(second.orderId, as)
      expect(refusal.status).to.equal(409)
      expect(refusal.body).to.include({ code: 'orders.not_cancellable', status: 409, orderStatus: 'SHIPPED' })
    }
    await t.settle()
    expect(await statusOf(t, 'payments', { id: second.payment.id })).to.equal('CAPTURED')
    expect(await statusOf(t, 'orders', { id: second.orderId })).to.equal('SHIPPED')
  })

  it('refunds one of two orders of a checkout, then the other', async () => {
    const one = await t.accounts.listing()
    const two = await t.accounts.listing({}, 'seller:2')
    const { checkout, payment } = await buy(t, [
      { listingId: one.id, quantity: 2 },
      { listingId: two.id, quantity: 1 },
    ])
    const [first, second] = checkout.orders
    await cancel(first?.id)
    await t.settle()
    const booked = () => t.db('payments').where({ id: payment.id }).first()
    expect(await booked()).to.include({ status: 'PARTIALLY_REFUNDED', refunded_halalas: 23_000 })
    expect(await statusOf(t, 'orders', { id: second?.id })).to.equal('PAID')
    expect(await documentsOf(second?.id as string)).to.have.length(1)

    await cancel(second?.id)
    await t.settle()
    expect(await booked()).to.include({ status: 'REFUNDED', refunded_halalas: 34_500 })
    expect(await statusOf(t, 'orders', { id: second?.id })).to.equal('REFUNDED')
  })

  it('is for the buyer and for officers', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    expect((await cancel(orders[0]?.id, 'buyer:2')).status).to.equal(404)
    expect((await cancel(orders[0]?.id, 'seller')).status).to.equal(404)
    expect((await cancel('01970000-0000-7000-8000-000000000000')).status).to.equal(404)
    expect(await stockOf(t, listing.id)).to.equal(4)
    expect((await cancel(orders[0]?.id, 'officer')).status).to.equal(200)
  })

  describe('and the refund', () => {
    it('waits for a bank that takes its time', async () => {
      t.sandbox.control.refunds.hold()
      const listing = await t.accounts.listing()
      const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
      await cancel(orderId)
      await t.settle()
      expect(await statusOf(t, 'refunds', { order_id: orderId })).to.equal('PENDING')
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('CANCELLED')
      expect(await documentsOf(orderId)).to.have.length(1)

      const [waiting] = t.sandbox.control.refunds.list()
      t.sandbox.control.refunds.settle(waiting?.id as string)
      t.sandbox.control.refunds.hold(false)
      await t.settle()
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('REFUNDED')
      expect(await documentsOf(orderId)).to.have.length(2)
    })

    it('is asked for once, though the answer was lost', async () => {
      const listing = await t.accounts.listing()
      const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
      await cancel(orderId)
      t.sandbox.control.faults.add({ kind: 'drop', on: 'refund.create', times: 1 })
      await t.settle()
      const asked = t.sandbox.control.refunds.list().filter(({ charge_id }) => charge_id === payment.chargeId)
      expect(asked).to.have.length(1)
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('REFUNDED')
    })

    it('that the bank declines leaves the order cancelled and tells the operators', async () => {
      t.sandbox.control.refunds.hold()
      const listing = await t.accounts.listing()
      const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
      await cancel(orderId)
      await t.settle()
      const [waiting] = t.sandbox.control.refunds.list()
      t.sandbox.control.refunds.settle(waiting?.id as string, '502')
      t.sandbox.control.refunds.hold(false)
      await t.settle()
      expect(await t.db('refunds').where({ order_id: orderId }).first()).to.include({
        status: 'FAILED',
        failure_code: 'DECLINED',
      })
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('CANCELLED')
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('CAPTURED')
      expect(await t.db('alerts').where({ kind: 'refund_failed' })).to.have.length(1)
    })
  })
})
