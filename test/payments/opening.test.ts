import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { askToPay } from '../support/ordering.js'
import { buy, pay, place, statusOf } from '../support/shopping.js'

describe('opening a payment page', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const aCheckout = async () => {
    const one = await t.accounts.listing()
    const two = await t.accounts.listing({}, 'seller:2')
    return place(t, [
      { listingId: one.id, quantity: 2 },
      { listingId: two.id, quantity: 1 },
    ])
  }

  it('asks for what is due, allocated to the orders', async () => {
    const checkout = await aCheckout()
    const { status, body } = await askToPay(t, { checkoutId: checkout.id })
    expect(status).to.equal(201)
    expect(body).to.deep.include({
      checkoutId: checkout.id,
      provider: 'tap',
      method: 'card',
      status: 'INITIATED',
      amount: { amount: 34_500, currency: 'SAR' },
      refunded: { amount: 0, currency: 'SAR' },
      failureCode: null,
      capturedAt: null,
    })
    const [charge] = t.sandbox.control.payments.list()
    expect(charge).to.include({ amount: 345, currency: 'SAR', threeDSecure: true, save_card: false })
    expect(charge?.reference).to.include({ transaction: body.id, idempotent: body.id })
    expect(charge?.reference.order).to.equal(checkout.orders.map(order => order.number).join(' '))
    expect(charge?.transaction.expiry).to.deep.equal({ period: 30, type: 'MINUTE' })
    expect(charge?.post?.url).to.equal(`${t.baseUrl}/api/v1/webhooks/tap`)
    expect(charge?.redirect?.url).to.equal(`${t.env.APP_URL ?? 'http://127.0.0.1:3001'}/payments/${body.id}`)
    expect(body.redirectUrl).to.equal(charge?.transaction.url)
    const parts = await t.db('payment_allocations').where({ payment_id: body.id }).orderBy('amount_halalas')
    expect(parts.map(part => part.amount_halalas)).to.deep.equal([11_500, 23_000])
    const [audited] = await t.owner('audit_log').where({ action: 'payment_initiated', object_id: body.id })
    expect(audited.details).to.deep.equal({ amountHalalas: 34_500 })
  })

  it('sends the buyer back where the client says, and nowhere odd', async () => {
    const checkout = await aCheckout()
    const foreign = ['https://evil.example/', 'http://169.254.169.254/', 'https://user@evil.example/']
    for (const returnUrl of ['javascript:alert(1)', 'ftp://x.sa/', '/relative', '', ...foreign])
      expect((await askToPay(t, { checkoutId: checkout.id, returnUrl })).status, returnUrl).to.equal(422)
    const returnUrl = 'http://127.0.0.1:3001/thanks?x=1'
    expect((await askToPay(t, { checkoutId: checkout.id, returnUrl })).status).to.equal(201)
    expect(t.sandbox.control.payments.list()[0]?.redirect?.url).to.equal(returnUrl)
  })

  it('takes no amount from the client', async () => {
    const checkout = await aCheckout()
    const body = { checkoutId: checkout.id, amount: { amount: 1, currency: 'SAR' } }
    expect((await askToPay(t, body)).status).to.equal(422)
  })

  it('asks for what is left when one order of the checkout was cancelled', async () => {
    const checkout = await aCheckout()
    await t.post(`/api/v1/orders/${checkout.orders[0]?.id}/cancel`, { as: 'buyer', key: randomUUID() })
    expect((await askToPay(t, { checkoutId: checkout.id })).body.amount.amount).to.equal(11_500)
  })

  it('opens one page at a time, and names the one that is open', async () => {
    const checkout = await aCheckout()
    const { id } = await pay(t, checkout.id)
    const second = await askToPay(t, { checkoutId: checkout.id, method: 'mada' })
    expect(second.status).to.equal(409)
    expect(second.body).to.include({ code: 'payments.already_open', paymentId: id })
    const open = await t.get(`/api/v1/payments/${id}`, { as: 'buyer' })
    expect(open.body.redirectUrl).to.be.a('string')
  })

  it('opens another after a decline', async () => {
    const checkout = await aCheckout()
    const first = await pay(t, checkout.id)
    t.sandbox.control.payments.decline(first.chargeId, '505')
    await t.settle()
    const declined = await t.get(`/api/v1/payments/${first.id}`, { as: 'buyer' })
    expect(declined.body).to.include({ status: 'FAILED', failureCode: 'DECLINED 505', redirectUrl: null })
    expect(await statusOf(t, 'orders', { id: checkout.orders[0]?.id })).to.equal('PENDING')

    const second = await pay(t, checkout.id)
    t.sandbox.control.payments.approve(second.chargeId)
    await t.settle()
    expect(await statusOf(t, 'orders', { id: checkout.orders[0]?.id })).to.equal('PAID')
    const { body } = await t.get(`/api/v1/payments?checkoutId=${checkout.id}`, { as: 'buyer' })
    expect(body.items.map((item: { status: string }) => item.status)).to.deep.equal(['CAPTURED', 'FAILED'])
  })

  it('asks nothing for a checkout that is paid or cancelled', async () => {
    const listing = await t.accounts.listing()
    const paid = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const cancelled = await place(t, [{ listingId: listing.id, quantity: 1 }])
    await t.post(`/api/v1/orders/${cancelled.orders[0]?.id}/cancel`, { as: 'buyer', key: randomUUID() })
    for (const id of [paid.checkout.id, cancelled.id]) {
      const refusal = await askToPay(t, { checkoutId: id })
      expect(refusal.status).to.equal(409)
      expect(refusal.body.code).to.equal('payments.nothing_due')
    }
  })

  it("does not know other people's checkouts and payments", async () => {
    const checkout = await aCheckout()
    const { id } = await pay(t, checkout.id)
    for (const as of ['buyer:2', 'seller', 'seller:2'] as const) {
      expect((await askToPay(t, { checkoutId: checkout.id }, as)).body.code).to.equal('checkouts.not_found')
      expect((await t.get(`/api/v1/payments/${id}`, { as })).status).to.equal(404)
      expect((await t.get(`/api/v1/payments?checkoutId=${checkout.id}`, { as })).status).to.equal(404)
    }
    for (const as of ['officer', 'finance'] as const) {
      expect((await t.get(`/api/v1/payments/${id}`, { as })).status).to.equal(200)
      expect((await askToPay(t, { checkoutId: checkout.id }, as)).status).to.equal(403)
    }
    expect((await askToPay(t, { checkoutId: randomUUID() })).status).to.equal(404)
  })

  for (const over of [
    { provider: 'moyasar' },
    { provider: 'hyperpay', method: 'stc_pay' },
    { method: 'mada', authorizeFirst: true },
    { provider: 'Tap' },
    { method: 'cash' },
    { checkoutId: 'x' },
  ])
    it(`refuses ${JSON.stringify(over)}`, async () => {
      const checkout = await aCheckout()
      expect((await askToPay(t, { checkoutId: checkout.id, ...over })).status).to.equal(422)
      expect(await t.db('payments').where({ checkout_id: checkout.id })).to.be.empty
    })

  describe('that nobody paid on', () => {
    it('is closed after its time by asking the provider, which sends no word of it', async () => {
      const checkout = await aCheckout()
      const { id } = await pay(t, checkout.id)
      expect(await t.services.payments.refreshOverdue()).to.equal(0)
      t.clock.advance(minutes(31))
      expect(await t.services.payments.refreshOverdue()).to.be.above(0)
      expect(await t.db('payments').where({ id }).first('status')).to.deep.equal({ status: 'FAILED' })
      expect(await t.services.payments.refreshOverdue()).to.equal(0)
    })

    it('turns out to be paid where the word of it was lost', async () => {
      const checkout = await aCheckout()
      const { id, chargeId } = await pay(t, checkout.id)
      t.sandbox.control.webhooks.hold()
      t.sandbox.control.payments.approve(chargeId)
      t.sandbox.control.webhooks.discard()
      t.sandbox.control.webhooks.release()
      t.clock.advance(minutes(31))
      await t.services.payments.refreshOverdue()
      expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
      expect(await t.db('orders').where({ checkout_id: checkout.id }).pluck('status')).to.deep.equal([
        'PAID',
        'PAID',
      ])
      await t.settle()
    })

    it('is given up where the provider never heard of it', async () => {
      const checkout = await aCheckout()
      t.sandbox.control.faults.add({ kind: 'drop', when: 'before', on: 'charge.create', times: 3 })
      expect((await askToPay(t, { checkoutId: checkout.id })).status).to.equal(503)
      t.clock.advance(minutes(31))
      await t.services.payments.refreshOverdue()
      const [given] = await t.db('payments').where({ checkout_id: checkout.id })
      expect(given).to.include({ status: 'FAILED', failure_code: 'never_started' })
      expect(
        await t.owner('audit_log').where({ action: 'payment_failed', object_id: given.id }),
      ).to.have.length(1)
    })

    it('keeps no other from being asked about while the provider fails', async () => {
      const [one, two] = [await aCheckout(), await aCheckout()]
      for (const { id } of [one, two]) await pay(t, id)
      t.clock.advance(minutes(31))
      t.sandbox.control.faults.add({ kind: 'status', status: 500, on: 'charge.get', times: 3 })
      expect(await t.services.payments.refreshOverdue()).to.equal(2)
      const statuses = await t.db('payments').whereIn('checkout_id', [one.id, two.id]).pluck('status')
      expect(statuses).to.have.members(['INITIATED', 'FAILED'])
      expect(t.log.of('payment_refresh_failed')).to.have.length(1)
      await t.services.payments.refreshOverdue()
    })
  })

  it('is kept apart by the database: one charge belongs to one payment', async () => {
    const [one, two] = [await pay(t, (await aCheckout()).id), await pay(t, (await aCheckout()).id)]
    const error = await t
      .db('payments')
      .where({ id: two.id })
      .update({ external_id: one.chargeId })
      .catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: '23505', constraint: 'idx_payments_provider_external' })
  })
})
