import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import { useContext } from '../support/context.js'
import { hear, letHoldsExpire, paidUnheard } from '../support/late.js'
import { atOnce } from '../support/ordering.js'
import { place, statusOf, stockOf } from '../support/shopping.js'

describe('stock that is held', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const statusOfOrder = (id: string | undefined) => statusOf(t, 'orders', { id })

  it('goes back when nobody paid within half an hour, and no sooner', async () => {
    const listing = await t.accounts.listing({ stock: 4 })
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 3 }])
    t.clock.advance(minutes(29))
    expect(await t.services.orders.expireHolds()).to.equal(0)
    expect(await stockOf(t, listing.id)).to.equal(1)

    t.clock.advance(minutes(1))
    expect(await t.services.orders.expireHolds()).to.equal(1)
    expect(await statusOfOrder(orders[0]?.id)).to.equal('EXPIRED')
    expect(await stockOf(t, listing.id)).to.equal(4)
    const [audited] = await t.owner('audit_log').where({ action: 'order_expired', order_id: orders[0]?.id })
    expect(audited).to.include({ actor_kind: 'system', actor_name: 'expire-holds' })
    expect(await t.db('notifications').where({ kind: 'order_expired' })).to.have.length(1)
  })

  it('goes back once, however many workers look at once', async () => {
    const listing = await t.accounts.listing({ stock: 70 })
    for (let count = 0; count < 3; count++)
      await atOnce(20, () => place(t, [{ listingId: listing.id, quantity: 1 }]))
    t.clock.advance(minutes(31))
    const counts = await atOnce(4, () => t.services.orders.expireHolds())
    expect(counts.reduce((all, count) => all + count)).to.equal(60)
    expect(await stockOf(t, listing.id)).to.equal(70)
  })

  it('goes back once when an order is cancelled while it expires', async () => {
    const listing = await t.accounts.listing({ stock: 10 })
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 2 }])
    const { actor } = await t.accounts.account('buyer')
    t.clock.advance(minutes(31))
    const cancelling = () => t.services.orders.cancel(orders[0]?.id as string, actor)
    await Promise.allSettled([cancelling(), t.services.orders.expireHolds(), cancelling()])
    expect(await stockOf(t, listing.id)).to.equal(10)
    expect(await statusOfOrder(orders[0]?.id)).to.be.oneOf(['CANCELLED', 'EXPIRED'])
  })

  it('stays held while there is a payment page to pay on', async () => {
    const listing = await t.accounts.listing({ stock: 1 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { actor } = await t.accounts.account('buyer')
    t.clock.advance(minutes(28))
    const request = { checkoutId: checkout.id, provider: 'tap', method: 'card' as const }
    const payment = await t.services.payments.create(request, actor, newId())
    expect(t.sandbox.control.payments.get(payment.externalId as string)?.transaction.expiry.period).to.equal(
      5,
    )

    t.clock.advance(minutes(4))
    expect(await t.services.orders.expireHolds()).to.equal(0)
    t.clock.advance(minutes(2))
    expect(await t.services.orders.expireHolds()).to.equal(1)
  })

  it('is not paid for once it has gone back', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { actor } = await t.accounts.account('buyer')
    t.clock.advance(minutes(30))
    const request = { checkoutId: checkout.id, provider: 'tap', method: 'card' as const }
    const refusal = await t.services.payments.create(request, actor, newId()).catch(error => error)
    expect(refusal).to.include({ kind: 'conflict', code: 'payments.nothing_due' })
  })

  describe('when the money is heard of too late', () => {
    it('is taken again, if it is still there, and the order is paid', async () => {
      const listing = await t.accounts.listing({ stock: 2 })
      const { orderIds, payment } = await paidUnheard(t, [{ listingId: listing.id, quantity: 2 }])
      await letHoldsExpire(t)
      expect(await stockOf(t, listing.id)).to.equal(2)
      await hear(t)
      expect(await statusOfOrder(orderIds[0])).to.equal('PAID')
      expect(await stockOf(t, listing.id)).to.equal(0)
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('CAPTURED')
      expect(await t.db('invoices').where({ order_id: orderIds[0] })).to.have.length(1)
      const again = { action: 'order_stock_taken_again', order_id: orderIds[0] }
      expect(await t.owner('audit_log').where(again)).to.have.length(1)
    })

    it('is taken again though its seller has paused the listing', async () => {
      const listing = await t.accounts.listing({ stock: 1 })
      const { orderIds } = await paidUnheard(t, [{ listingId: listing.id, quantity: 1 }])
      await letHoldsExpire(t)
      await t.owner('listings').where({ id: listing.id }).update({ status: 'PAUSED' })
      await hear(t)
      expect(await statusOfOrder(orderIds[0])).to.equal('PAID')
    })

    it('sends the money back where the stock is gone, and the order stays EXPIRED', async () => {
      const listing = await t.accounts.listing({ stock: 2 })
      const { orderIds, payment } = await paidUnheard(t, [{ listingId: listing.id, quantity: 2 }])
      await letHoldsExpire(t)
      await t.owner('listings').where({ id: listing.id }).update({ stock: 1 })
      await hear(t)
      expect(await statusOfOrder(orderIds[0])).to.equal('EXPIRED')
      expect(await stockOf(t, listing.id)).to.equal(1)
      expect(await t.db('payments').where({ id: payment.id }).first()).to.include({
        status: 'REFUNDED',
        refunded_halalas: 23_000,
      })
      const [refund] = t.sandbox.control.refunds.list()
      expect(refund).to.include({ charge_id: payment.chargeId, amount: 230, status: 'REFUNDED' })
      expect(await t.db('invoices').where({ order_id: orderIds[0] })).to.be.empty
    })

    it('takes all lines of an order or none, and judges each order of the checkout by itself', async () => {
      const [gone, left] = [await t.accounts.listing({ stock: 1 }), await t.accounts.listing({ stock: 1 })]
      const other = await t.accounts.listing({ stock: 1 }, 'seller:2')
      const lines = [gone, other, left].map(({ id }) => ({ listingId: id, quantity: 1 }))
      const { checkout, payment } = await paidUnheard(t, lines)
      await letHoldsExpire(t)
      await t.owner('listings').where({ id: gone.id }).update({ stock: 0 })
      await hear(t)
      const [first, second] = checkout.orders
      expect(await statusOfOrder(first?.id)).to.equal('EXPIRED')
      expect(await stockOf(t, left.id)).to.equal(1)
      expect(await statusOfOrder(second?.id)).to.equal('PAID')
      expect(await stockOf(t, other.id)).to.equal(0)
      expect(await t.db('payments').where({ id: payment.id }).first()).to.include({
        status: 'PARTIALLY_REFUNDED',
        refunded_halalas: 23_000,
        amount_halalas: 34_500,
      })
    })

    for (const [isThere, orderState, paymentState] of [
      [true, 'PAID', 'CAPTURED'],
      [false, 'CANCELLED', 'REFUNDED'],
    ] as const) {
      it(`leaves a cancelled order ${orderState} where the stock is ${isThere ? 'there' : 'gone'}`, async () => {
        const listing = await t.accounts.listing({ stock: 1 })
        const { orderIds, payment } = await paidUnheard(t, [{ listingId: listing.id, quantity: 1 }])
        const cancelled = await t.post(`/api/v1/orders/${orderIds[0]}/cancel`, {
          as: 'buyer',
          key: randomUUID(),
        })
        expect(cancelled.body.status).to.equal('CANCELLED')
        expect(await stockOf(t, listing.id)).to.equal(1)
        if (!isThere) await t.owner('listings').where({ id: listing.id }).update({ stock: 0 })
        await hear(t)
        expect(await statusOfOrder(orderIds[0])).to.equal(orderState)
        expect(await statusOf(t, 'payments', { id: payment.id })).to.equal(paymentState)
        expect(await stockOf(t, listing.id)).to.equal(0)
        expect(await t.db('invoices').where({ order_id: orderIds[0] })).to.have.length(isThere ? 1 : 0)
      })
    }

    it('does not deadlock with carts that hold the same parts in another order', async () => {
      const parts = [
        await t.accounts.listing({ stock: 50 }, 'seller:2'),
        await t.accounts.listing({ stock: 50 }),
      ]
      const lines = parts.map(({ id }) => ({ listingId: id, quantity: 1 }))
      const late = await Promise.all([
        paidUnheard(t, lines),
        paidUnheard(t, [...lines].reverse()),
        paidUnheard(t, lines),
      ])
      await letHoldsExpire(t)
      t.sandbox.control.webhooks.release()
      await t.sandbox.control.webhooks.idle()
      const events: string[] = await t.db('webhook_events').where({ status: 'received' }).pluck('id')
      expect(events).to.have.length(3)
      t.clock.reset() // the buyers' tokens are good again
      await Promise.all([
        ...events.map(id => t.services.webhooks.process(id)),
        ...Array.from({ length: 6 }, (_, index) => place(t, index % 2 ? lines : [...lines].reverse())),
      ])
      await t.settle()
      for (const { checkout } of late)
        expect(await t.db('orders').where({ checkout_id: checkout.id }).pluck('status')).to.deep.equal([
          'PAID',
          'PAID',
        ])
      for (const { id } of parts) expect(await stockOf(t, id)).to.equal(41)
    })
  })
})
