import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { pay, place, statusOf, stockOf } from '../support/shopping.js'

describe('one checkout that is paid with two providers', () => {
  const t = useContext()

  /** A page of each: the first was declined, so that the second could be opened. */
  async function twice(first: 'tap' | 'hyperpay') {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 2 }])
    const approve = {
      tap: (id: string) => {
        // the bank said no and yes: Tap decides a charge once, so the second word is shown
        t.sandbox.control.show(id, { status: 'CAPTURED' })
        t.sandbox.control.webhooks.resend(id)
      },
      hyperpay: (id: string) => void t.sandbox.control.hyperpay.pay(id),
    }
    const one = await pay(t, checkout.id, 'buyer', { provider: first })
    if (first === 'tap') t.sandbox.control.payments.decline(one.chargeId)
    else t.sandbox.control.hyperpay.decline(one.chargeId)
    await t.settle()
    const second = first === 'tap' ? 'hyperpay' : 'tap'
    const two = await pay(t, checkout.id, 'buyer', { provider: second })
    const pays = {
      first: () => approve[first](one.chargeId),
      second: () =>
        second === 'tap'
          ? void t.sandbox.control.payments.approve(two.chargeId)
          : approve.hyperpay(two.chargeId),
    }
    return { checkout, orderId: checkout.orders[0]?.id as string, listingId: listing.id, one, two, pays }
  }

  for (const first of ['tap', 'hyperpay'] as const)
    it(`(${first} first) keeps one capture, and the other goes back by itself`, async () => {
      const { orderId, listingId, one, two, pays } = await twice(first)
      pays.second()
      await t.settle()
      expect(await statusOf(t, 'payments', { id: two.id })).to.equal('CAPTURED')
      if (first === 'tap')
        await t.owner('webhook_events').where({ object_id: one.chargeId }).update({ status: 'failed' })
      pays.first()
      await t.settle()
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
      const refunds = await t.db('refunds').where({ order_id: orderId })
      expect(refunds).to.have.length(1)
      expect(refunds[0].payment_id).to.equal(one.id)
      expect(await stockOf(t, listingId)).to.equal(3)
      expect(await t.db('invoices').where({ order_id: orderId, kind: 'TAX_INVOICE' })).to.have.length(1)
      if (first === 'hyperpay') {
        expect(refunds[0].status).to.equal('REFUNDED')
        expect(await statusOf(t, 'payments', { id: one.id })).to.equal('REFUNDED')
      }
      expect(await statusOf(t, 'payments', { id: two.id })).to.equal('CAPTURED')
    })

  it('at the same moment keeps one of the two, whichever', async () => {
    const { orderId, one, two, pays } = await twice('hyperpay')
    t.sandbox.control.webhooks.hold()
    pays.first()
    pays.second()
    t.sandbox.control.webhooks.release()
    await t.sandbox.control.webhooks.idle()
    const ids = await t.db('webhook_events').where({ status: 'received' }).pluck('id')
    await Promise.all(ids.map(id => t.services.webhooks.process(id)))
    await t.settle()
    const statuses = await t.db('payments').whereIn('id', [one.id, two.id]).pluck('status')
    expect(statuses.sort()).to.deep.equal(['CAPTURED', 'REFUNDED'])
    expect(await t.db('refunds').where({ order_id: orderId })).to.have.length(1)
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
  })
})
