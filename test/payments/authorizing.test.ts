import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { pay, place, statusOf } from '../support/shopping.js'

describe('an amount that is reserved first', () => {
  const t = useContext()
  afterEach(() => {
    t.sandbox.control.faults.clear()
    t.sandbox.control.hyperpay.answerWith('000.100.110')
    t.clock.reset()
  })

  /** The two providers, as a tester plays their customer and their bank. */
  const PROVIDERS = {
    tap: {
      approve: (id: string) => void t.sandbox.control.payments.approve(id),
      taken: (reference: string) =>
        t.sandbox.control.payments
          .list()
          .filter(each => each.object === 'charge' && each.reference.transaction === reference).length,
      released: (id: string) => t.sandbox.control.payments.get(id)?.status === 'VOID',
      loseCapture: () => t.sandbox.control.faults.add({ kind: 'drop', on: 'charge.create', times: 3 }),
    },
    hyperpay: {
      approve: (id: string) => void t.sandbox.control.hyperpay.pay(id),
      taken: (reference: string) =>
        t.sandbox.control.hyperpay.operations(reference).filter(({ paymentType }) => paymentType === 'CP')
          .length,
      released: (id: string) =>
        t.sandbox.control.hyperpay
          .operations()
          .some(each => each.paymentType === 'RV' && each.referencedId === reservedOf(id)),
      loseCapture: () => t.sandbox.control.faults.add({ kind: 'drop', on: 'hyperpay.manage' }),
    },
  }
  const reservedOf = (checkoutId: string) =>
    t.sandbox.control.hyperpay.operations().find(each => each.checkoutId === checkoutId)?.id

  for (const [provider, bank] of Object.entries(PROVIDERS)) {
    const open = async () => {
      const listing = await t.accounts.listing({ stock: 5 })
      const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
      const payment = await pay(t, checkout.id, 'buyer', { provider, authorizeFirst: true })
      return { ...payment, checkoutId: checkout.id, orderId: checkout.orders[0]?.id as string }
    }

    describe(`at ${provider}`, () => {
      it('is taken as soon as it is there, and the order is paid', async () => {
        const { id, chargeId, orderId } = await open()
        bank.approve(chargeId)
        await t.settle()
        const row = await t.db('payments').where({ id }).first()
        expect(row).to.include({ status: 'CAPTURED', external_id: chargeId, authorize_first: true })
        expect(row.capture_id).to.be.a('string').that.does.not.equal(chargeId)
        expect(bank.taken(id)).to.equal(1)
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
        const told = await t.owner('audit_log').where({ object_id: id }).orderBy('at').pluck('action')
        expect(told).to.deep.equal(['payment_initiated', 'payment_authorized', 'payment_completed'])
      })

      it('is let go, not taken and sent back, where its order waits for nothing any more', async () => {
        const { id, chargeId, orderId } = await open()
        t.clock.advance(minutes(31))
        await t.services.orders.expireHolds()
        t.clock.reset()
        bank.approve(chargeId)
        await t.settle()
        expect(await statusOf(t, 'payments', { id })).to.equal('VOIDED')
        expect(bank.taken(id)).to.equal(0)
        expect(bank.released(chargeId)).to.equal(true)
        expect(await t.db('refunds').where({ payment_id: id })).to.be.empty
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('EXPIRED')
      })

      it('is taken once though the answer to that is lost', async () => {
        const { id, chargeId, orderId } = await open()
        t.sandbox.control.webhooks.hold()
        bank.approve(chargeId)
        const { payments } = t.services
        const handle = (await payments.named(provider, { objectId: chargeId, reference: id }))?.handle
        const gateway = payments.gateway(provider)
        const told = await gateway.getPayment(handle as never)
        await t.db.transaction(trx => payments.settlement.payment(trx, gateway, told))
        t.sandbox.control.webhooks.discard()

        bank.loseCapture()
        expect(await payments.performCapture(id).catch(error => error.code)).to.equal('provider.unavailable')
        await payments.performCapture(id)
        expect(bank.taken(id)).to.equal(1)
        expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
        t.sandbox.control.webhooks.release()
        await t.settle()
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
        expect(bank.taken(id)).to.equal(1)
      })

      it('goes back from the money that was taken', async () => {
        const { id, chargeId, orderId } = await open()
        bank.approve(chargeId)
        await t.settle()
        await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: orderId })
        await t.settle()
        expect(await statusOf(t, 'payments', { id })).to.equal('REFUNDED')
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
      })
    })
  }

  it('keeps its order from expiring while it is taken', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'tap', authorizeFirst: true })
    t.clock.advance(minutes(29))
    t.sandbox.control.faults.add({ kind: 'status', status: 503, on: 'charge.create', times: 30 })
    t.sandbox.control.payments.approve(chargeId)
    await t.settle().catch(() => undefined)
    expect(await statusOf(t, 'payments', { id })).to.equal('AUTHORIZED')
    t.clock.advance(minutes(5))
    await t.services.orders.expireHolds()
    t.sandbox.control.faults.clear()
    await t.services.payments.performCapture(id)
    await t.settle()
    expect(await statusOf(t, 'orders', { checkout_id: checkout.id })).to.equal('PAID')
  })

  it('that the provider will not take is told to people, once', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'tap', authorizeFirst: true })
    t.sandbox.control.faults.add({ kind: 'status', status: 400, on: 'charge.create', times: 2 })
    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    await t.services.payments.performCapture(id)
    const alert = await t
      .db('alerts')
      .where({ key: `capture_refused:${id}` })
      .first()
    expect(alert).to.include({ kind: 'capture_refused', times: 2 })
    expect(await statusOf(t, 'payments', { id })).to.equal('AUTHORIZED')
  })
})
