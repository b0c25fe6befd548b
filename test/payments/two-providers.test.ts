import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
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

  it('under one page of HyperPay is told to people too, long after that page is over', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay' })
    const second = t.sandbox.control.hyperpay.decline(chargeId)
    const first = t.sandbox.control.hyperpay.pay(chargeId)
    await t.settle()
    t.sandbox.control.webhooks.hold()
    t.sandbox.control.hyperpay.settle(second.id)
    t.clock.advance(minutes(45))
    t.sandbox.control.webhooks.release()
    await t.settle()
    t.clock.reset()
    expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
    const alert = await t
      .db('alerts')
      .where({ kind: 'payment_captured_twice' })
      .whereRaw("details ->> 'paymentId' = ?", [id])
      .first()
    expect(alert.details).to.include({ captureId: first.id, secondCaptureId: second.id })
  })

  it('under one payment is told to people: the second sum belongs to nothing that was sold', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay' })
    const first = t.sandbox.control.hyperpay.pay(chargeId)
    await t.settle()
    const gateway = t.services.payments.gateway('hyperpay')
    const row = await t.services.payments.named('hyperpay', { objectId: chargeId, reference: id })
    const told = { ...(await gateway.getPayment(row?.handle as never)), captureId: 'another-operation' }
    for (let time = 0; time < 3; time++)
      await t.db.transaction(trx => t.services.payments.settlement.payment(trx, gateway, told))
    const [alert, ...more] = await t
      .db('alerts')
      .where({ kind: 'payment_captured_twice' })
      .whereRaw("details ->> 'paymentId' = ?", [id])
    expect(alert).to.include({ times: 3, severity: 'critical' })
    expect(alert.details).to.deep.equal({
      paymentId: id,
      captureId: first.id,
      secondCaptureId: 'another-operation',
    })
    expect(more).to.be.empty
  })
})
