import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { hear, paidUnheard } from '../support/late.js'
import { askToPay } from '../support/ordering.js'
import { buy, pay, place, statusOf } from '../support/shopping.js'

const operator = { kind: 'operator', name: 'sara' } as const

describe('money that does not move by itself', () => {
  const t = useContext()
  afterEach(() => {
    t.sandbox.control.faults.clear()
    t.sandbox.control.refunds.hold(false)
    t.clock.reset()
  })
  const eventOf = (objectId: string) => t.db('webhook_events').where({ object_id: objectId }).first()
  const oneOf = async () => [{ listingId: (await t.accounts.listing()).id, quantity: 1 }]

  describe('a payment that is held for review', () => {
    it('keeps its buyer from paying twice, and ends when the provider puts it right and says so again', async () => {
      const { checkout, payment } = await paidUnheard(t, await oneOf())
      t.sandbox.control.show(payment.chargeId, { amount: 1 })
      await hear(t)
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('UNDER_REVIEW')
      const again = await askToPay(t, { checkoutId: checkout.id })
      expect(again.body).to.include({ status: 409, code: 'payments.under_review', paymentId: payment.id })

      t.sandbox.control.showTruth(payment.chargeId)
      t.sandbox.control.webhooks.resend(payment.chargeId)
      await t.settle()
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('CAPTURED')
      expect(await statusOf(t, 'orders', { checkout_id: checkout.id })).to.equal('PAID')
    })

    it('can be put back to work by an operator, and is asked about when its time is over', async () => {
      const first = await paidUnheard(t, await oneOf())
      t.sandbox.control.show(first.payment.chargeId, { amount: 1 })
      await hear(t)
      const second = await paidUnheard(t, await oneOf())
      t.sandbox.control.show(second.payment.chargeId, { amount: 1 })
      await hear(t)
      for (const { payment } of [first, second]) t.sandbox.control.showTruth(payment.chargeId)

      const { id } = await eventOf(first.payment.chargeId)
      expect((await t.services.webhooks.retry(id, operator)).status).to.equal('received')
      await t.settle()
      expect(await statusOf(t, 'payments', { id: first.payment.id })).to.equal('CAPTURED')

      t.clock.advance(minutes(31))
      await t.services.payments.refreshOverdue()
      expect(await statusOf(t, 'payments', { id: second.payment.id })).to.equal('CAPTURED')
    })
  })

  it('an event that a dead worker left can be put back to work once its lease is over', async () => {
    const { payment } = await paidUnheard(t, await oneOf())
    await hear(t)
    const { id } = await eventOf(payment.chargeId)
    const lockedUntil = new Date(t.clock.now().getTime() + minutes(1))
    await t.owner('webhook_events').where({ id }).update({ status: 'processing', locked_until: lockedUntil })
    expect((await t.services.webhooks.retry(id, operator)).status).to.equal('processing')
    t.clock.advance(minutes(2))
    expect((await t.services.webhooks.retry(id, operator)).status).to.equal('received')
    await t.settle()
    expect((await eventOf(payment.chargeId)).status).to.equal('processed')
  })

  it('every order of a cart finds the events of its payment', async () => {
    await t.accounts.shop('seller:2')
    const lines = [
      { listingId: (await t.accounts.listing()).id, quantity: 1 },
      { listingId: (await t.accounts.listing({}, 'seller:2')).id, quantity: 1 },
    ]
    const { checkout, payment } = await buy(t, lines)
    for (const order of checkout.orders) {
      const found = await t.services.webhooks.list({ order: order.id, limit: 10 })
      expect(found.map(event => event.objectId)).to.deep.equal([payment.chargeId])
    }
  })

  describe('a refund', () => {
    const cancelled = async () => {
      const bought = await buy(t, await oneOf())
      expect(
        (await t.post(`/api/v1/orders/${bought.orderId}/cancel`, { as: 'buyer', key: randomUUID() })).status,
      ).to.equal(200)
      return bought
    }

    it('that the provider refuses is FAILED with its reason, audited and reported, and not asked for again', async () => {
      t.sandbox.control.faults.add({ kind: 'status', status: 400, on: 'refund.create', times: 1 })
      const { orderId } = await cancelled()
      t.log.lines.length = 0
      await t.settle()
      expect(await statusOf(t, 'refunds', { order_id: orderId })).to.equal('FAILED')
      expect(t.log.of('alert').map(line => line.fields?.kind)).to.deep.equal(['refund_failed'])
      expect(await t.owner('audit_log').where({ action: 'refund_failed', order_id: orderId })).to.have.length(
        1,
      )
      const { id } = await t.db('refunds').where({ order_id: orderId }).first()
      const before = t.sandbox.control.refunds.list().length
      await t.services.payments.performRefund(id)
      expect(t.sandbox.control.refunds.list()).to.have.length(before)
    })

    it('whose event is lost is asked about until it is over', async () => {
      t.sandbox.control.refunds.hold()
      const { orderId } = await cancelled()
      await t.settle()
      expect(await statusOf(t, 'refunds', { order_id: orderId })).to.equal('PENDING')
      t.sandbox.control.webhooks.hold()
      t.sandbox.control.refunds.settle(t.sandbox.control.refunds.list()[0]?.id as string)
      t.sandbox.control.webhooks.discard()
      t.sandbox.control.webhooks.release()
      t.clock.advance(minutes(6))
      await t.services.payments.refreshRefunds()
      await t.settle()
      expect(await statusOf(t, 'refunds', { order_id: orderId })).to.equal('REFUNDED')
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
    })

    it('is looked for, not asked for anew, when the provider may have forgotten the first request', async () => {
      // three tries of one exchange: it is done, and every answer is lost
      t.sandbox.control.faults.add({ kind: 'drop', on: 'refund.create', times: 3 })
      const { orderId } = await cancelled()
      await t.services.payments.refundCancelled(orderId)
      const { id } = await t.db('refunds').where({ order_id: orderId }).first('id')
      expect(await t.services.payments.performRefund(id).catch(error => error.code)).to.equal(
        'provider.unavailable',
      )
      const before = t.sandbox.control.refunds.list().length
      t.clock.advance(minutes(25 * 60))
      await t.services.payments.performRefund(id)
      expect(await statusOf(t, 'refunds', { id })).to.equal('REFUNDED')
      expect(t.sandbox.control.refunds.list()).to.have.length(before)
    })

    it('is asked for again after that time where the provider never heard of it', async () => {
      t.sandbox.control.faults.add({ kind: 'drop', when: 'before', on: 'refund.create', times: 3 })
      const { orderId } = await cancelled()
      await t.services.payments.refundCancelled(orderId)
      const { id } = await t.db('refunds').where({ order_id: orderId }).first('id')
      await t.services.payments.performRefund(id).catch(() => undefined)
      t.clock.advance(minutes(25 * 60))
      await t.services.payments.performRefund(id)
      expect(await statusOf(t, 'refunds', { id })).to.equal('REFUNDED')
    })
  })

  it('holds stock for an hour at most, however often a page is opened and left', async () => {
    const checkout = await place(t, await oneOf())
    const { created_at: placedAt } = await t.db('orders').where({ checkout_id: checkout.id }).first()
    for (let attempt = 0; attempt < 12; attempt++) {
      const answer = await t.services.payments
        .create(
          { checkoutId: checkout.id, provider: 'tap', method: 'card' },
          (await t.accounts.account('buyer')).actor,
          randomUUID(),
        )
        .catch(error => error)
      if (answer.code) {
        expect(answer.code).to.equal('payments.nothing_due')
        break
      }
      t.sandbox.control.payments.decline(answer.externalId)
      await t.settle()
      const { hold_expires_at: held } = await t.db('orders').where({ checkout_id: checkout.id }).first()
      expect(held.getTime() - placedAt.getTime()).to.be.at.most(minutes(60))
      t.clock.advance(held.getTime() - t.clock.now().getTime() - 1_000)
    }
    t.clock.advance(minutes(1))
    await t.services.orders.expireHolds()
    expect(await statusOf(t, 'orders', { checkout_id: checkout.id })).to.equal('EXPIRED')
  })

  it('shows the address to the seller only once there is something to ship', async () => {
    const checkout = await place(t, await oneOf())
    const orderId = checkout.orders[0]?.id
    const seen = async (as: 'buyer' | 'seller' | 'officer') =>
      (await t.get(`/api/v1/orders/${orderId}`, { as })).body.deliveryAddress
    expect(await seen('seller')).to.equal(null)
    expect((await seen('buyer')).city).to.equal('الرياض')
    expect((await seen('officer')).city).to.equal('الرياض')
    const { chargeId } = await pay(t, checkout.id)
    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    expect((await seen('seller')).city).to.equal('الرياض')
  })
})
