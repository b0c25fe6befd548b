import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { buy, stockOf } from '../support/shopping.js'

describe('one order through all of it', () => {
  const t = useContext()

  it('goes from the cart to PAID, with audit, notifications and a tax invoice', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const { checkout, payment, orderId } = await buy(t, [{ listingId: listing.id, quantity: 2 }])

    const order = await t.get(`/api/v1/orders/${orderId}`, { as: 'buyer' })
    expect(order.body).to.include({ status: 'PAID', checkoutId: checkout.id })
    expect(order.body.total).to.deep.equal({ amount: 23_000, currency: 'SAR' })
    expect(order.body.net.amount + order.body.vat.amount + order.body.rounding.amount).to.equal(23_000)
    expect((await t.get(`/api/v1/payments/${payment.id}`, { as: 'buyer' })).body.status).to.equal('CAPTURED')

    const invoices = await t.get(`/api/v1/invoices?orderId=${orderId}`, { as: 'buyer' })
    expect(invoices.body.items).to.have.length(1)
    expect(invoices.body.items[0]).to.include({ kind: 'TAX_INVOICE', orderId })
    expect(invoices.body.items[0].number).to.match(/^INV-\d+-000001$/)

    expect(await stockOf(t, listing.id)).to.equal(3)
    const audited = await t.owner('audit_log').where({ action: 'payment_completed', object_id: payment.id })
    expect(audited).to.have.length(1)
    const told = await t.db('notifications').orderBy('created_at').pluck('kind')
    expect(told).to.include.members(['order_paid', 'order_to_confirm', 'invoice_issued'])
    // what is counted begins seconds later
    expect(await t.db('outbox').whereNull('done_at').whereNot({ topic: 'business_event' })).to.be.empty
  })

  it('can be confirmed, shipped and delivered by its seller', async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    expect((await t.post(`/api/v1/orders/${orderId}/confirm`, { as: 'seller' })).body.status).to.equal(
      'PROCESSING',
    )
    const shipped = await t.post(`/api/v1/orders/${orderId}/ship`, {
      as: 'seller',
      body: { carrier: 'SMSA', trackingNumber: '123' },
    })
    expect(shipped.body).to.include({ status: 'SHIPPED', carrier: 'SMSA', trackingNumber: '123' })
    expect((await t.post(`/api/v1/orders/${orderId}/deliver`, { as: 'seller' })).body.status).to.equal(
      'DELIVERED',
    )
  })
})
