import { createCipheriv } from 'node:crypto'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { askToPay } from '../support/ordering.js'
import { pay, place, statusOf, stockOf } from '../support/shopping.js'

const DECLINED = '800.100.155'
const PENDING = '000.200.000'
const UNCERTAIN = '900.100.300'
const FOR_REVIEW = '000.400.000'

describe('a payment with HyperPay', () => {
  const t = useContext()
  const bank = () => t.sandbox.control.hyperpay
  afterEach(() => {
    t.sandbox.control.faults.clear()
    bank().answerWith('000.100.110')
    t.clock.reset()
  })

  async function open(method = 'card') {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay', method })
    return {
      ...payment,
      checkoutId: checkout.id,
      orderId: checkout.orders[0]?.id as string,
      listingId: listing.id,
    }
  }
  const payment = (id: string) => t.db('payments').where({ id }).first()
  const events = (reference: string) => t.db('webhook_events').where({ reference }).orderBy('received_at')

  for (const method of ['card', 'mada', 'apple_pay'])
    it(`(${method}) makes the order paid, invoiced and told of`, async () => {
      const { id, chargeId, orderId } = await open(method)
      const paid = bank().pay(chargeId)
      await t.settle()
      expect(await payment(id)).to.include({ status: 'CAPTURED', capture_id: paid.id, external_id: chargeId })
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
      expect(await t.db('invoices').where({ order_id: orderId })).to.have.length(1)
      expect(await events(id)).to.have.length(1)
      expect((await events(id))[0]).to.include({ status: 'processed', outcome: 'applied', order_id: orderId })
    })

  it('that is declined and paid with another card on the same page is paid once', async () => {
    const { id, chargeId, orderId } = await open()
    bank().decline(chargeId)
    await t.settle()
    expect(await payment(id)).to.include({ status: 'FAILED', failure_code: DECLINED })
    bank().pay(chargeId)
    await t.settle()
    expect((await payment(id)).status).to.equal('CAPTURED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    expect((await events(id)).map(event => event.outcome)).to.deep.equal(['applied', 'applied'])
  })

  it('is paid though the decline is heard of last', async () => {
    const { id, chargeId } = await open()
    t.sandbox.control.webhooks.hold()
    bank().decline(chargeId)
    bank().pay(chargeId)
    t.sandbox.control.webhooks.release({ reversed: true })
    await t.settle()
    expect((await payment(id)).status).to.equal('CAPTURED')
    const outcomes = (await events(id)).map(event => event.outcome).sort()
    expect(outcomes).to.deep.equal(['applied', 'ignored_stale'])
  })

  it('stays pending until it has an end', async () => {
    const { id, chargeId, orderId } = await open()
    const { id: operation } = bank().pay(chargeId, PENDING)
    await t.settle()
    expect((await payment(id)).status).to.equal('PENDING')
    bank().settle(operation)
    await t.settle()
    expect((await payment(id)).status).to.equal('CAPTURED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
  })

  it('whose outcome nobody knows is neither paid nor failed, and is asked about until it is known', async () => {
    const { id, chargeId } = await open()
    const { id: operation } = bank().pay(chargeId, UNCERTAIN)
    await t.settle()
    expect((await payment(id)).status).to.equal('INITIATED')
    t.sandbox.control.webhooks.hold()
    bank().settle(operation)
    t.sandbox.control.webhooks.discard()
    t.sandbox.control.webhooks.release()
    t.clock.advance(minutes(36))
    await t.services.payments.refreshOverdue()
    expect((await payment(id)).status).to.equal('CAPTURED')
  })

  it('with a result nobody has heard of waits, and people are told of the word once', async () => {
    const first = await open()
    bank().pay(first.chargeId, '300.100.100')
    await t.settle()
    const second = await open()
    bank().pay(second.chargeId, '300.100.100')
    await t.settle()
    for (const { id } of [first, second]) expect((await payment(id)).status).to.equal('INITIATED')
    const alerts = await t.db('alerts').where({ kind: 'provider_word_unheard' })
    expect(alerts.map(alert => alert.key)).to.deep.equal(['provider_word_unheard:hyperpay:300.100.100'])
    expect(alerts[0].summary).to.include('300.100.100')
  })

  it('that the bank takes back later is told to people, and changes no state', async () => {
    const { id, chargeId, orderId } = await open()
    bank().pay(chargeId)
    await t.settle()
    const key = Buffer.from(t.env.HYPERPAY_WEBHOOK_SECRET as string, 'hex')
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12, 7))
    const payload = {
      id: 'chargeback-1',
      paymentType: 'CB',
      merchantTransactionId: id,
      result: { code: '000.100.220' },
    }
    const body =
      cipher.update(JSON.stringify({ type: 'PAYMENT', payload }), 'utf8', 'hex') + cipher.final('hex')
    const headers = {
      'x-initialization-vector': Buffer.alloc(12, 7).toString('hex'),
      'x-authentication-tag': cipher.getAuthTag().toString('hex'),
    }
    for (let time = 0; time < 2; time++)
      expect((await t.post('/api/v1/webhooks/hyperpay', { raw: body, headers })).status).to.equal(200)
    await t.settle()
    expect((await payment(id)).status).to.equal('CAPTURED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    const alert = await t.db('alerts').where({ key: 'chargeback:hyperpay:chargeback-1' }).first()
    expect(alert).to.include({ severity: 'critical', times: 1 })
    expect(alert.details).to.include({ orderId, reference: id })
  })

  it('that HyperPay wants looked at waits for a person', async () => {
    const { id, chargeId, orderId } = await open()
    bank().pay(chargeId, FOR_REVIEW)
    await t.settle()
    expect((await payment(id)).status).to.equal('UNDER_REVIEW')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PENDING')
    const alert = await t
      .db('alerts')
      .where({ key: `payment_mismatch:${id}` })
      .first()
    expect(alert.details).to.deep.equal({ paymentId: id, differences: ['review'] })
  })

  for (const [what, change] of Object.entries({
    amount: { amount: '1.00' },
    currency: { currency: 'USD' },
  }))
    it(`of another ${what} is held for review, and its order is not paid`, async () => {
      const { id, chargeId, orderId } = await open()
      t.sandbox.control.webhooks.hold()
      const { id: operation } = bank().pay(chargeId)
      t.sandbox.control.show(operation, change)
      t.sandbox.control.webhooks.release()
      await t.settle()
      expect((await payment(id)).status).to.equal('UNDER_REVIEW')
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PENDING')
    })

  it('of a test system is no money for a live one', async () => {
    const { id, chargeId } = await open()
    const paid = bank().pay(chargeId)
    const live = { ...t.services.payments.gateway('hyperpay'), isLive: true }
    const row = await t.services.payments.named('hyperpay', { objectId: paid.id, reference: id })
    const told = { ...(await live.getPayment(row?.handle as never)), isLive: false }
    const { outcome } = await t.db.transaction(trx => t.services.payments.settlement.payment(trx, live, told))
    expect(outcome).to.equal('held_for_review')
    await t.settle()
  })

  it('that was prepared behind a lost answer is prepared again, and paid once', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    t.sandbox.control.faults.add({ kind: 'drop', on: 'hyperpay.prepare' })
    const wish = { checkoutId: checkout.id, provider: 'hyperpay' }
    const key = 'lost-answer'
    expect((await t.post('/api/v1/payments', { as: 'buyer', key, body: wish })).status).to.equal(503)
    const again = await t.post('/api/v1/payments', { as: 'buyer', key, body: wish })
    expect(again.status).to.equal(201)
    expect(await t.db('payments').where({ checkout_id: checkout.id })).to.have.length(1)
    const { external_id: chargeId } = await payment(again.body.id)
    bank().pay(chargeId)
    await t.settle()
    expect((await payment(again.body.id)).status).to.equal('CAPTURED')
  })

  it('is closed when its page was left, and the checkout can be paid anew', async () => {
    const { id, checkoutId } = await open()
    t.clock.advance(minutes(36))
    await t.services.payments.refreshOverdue()
    expect(await payment(id)).to.include({ status: 'FAILED', failure_code: 'expired' })
    t.clock.reset()
    expect((await askToPay(t, { checkoutId })).status).to.equal(201)
  })

  it('shows its page only while it can be paid, with nothing on it but the provider', async () => {
    const { id, chargeId, redirectUrl } = await open('mada')
    expect(redirectUrl).to.equal(`${t.baseUrl}/pay/${id}`)
    const page = await fetch(redirectUrl, { headers: { 'accept-language': 'ar' } })
    const html = await page.text()
    expect(html).to.include('dir="rtl"').and.include('data-brands="MADA"').and.include('115.00')
    expect(html).to.match(/<script [^>]*paymentWidgets\.js\?checkoutId=[^>]*integrity="sha384-/)
    const policy = page.headers.get('content-security-policy') as string
    expect(policy).to.include("default-src 'none'").and.include("frame-ancestors 'none'")
    expect(policy).to.include(`script-src 'nonce-`).and.include(t.sandbox.hyperpayApiUrl)
    expect(policy).to.not.match(/script-src[^;]*unsafe/)
    bank().pay(chargeId)
    await t.settle()
    expect(await (await fetch(redirectUrl)).text()).to.not.include('<script')
    expect((await t.get('/pay/01970000-0000-7000-8000-000000000001')).status).to.equal(404)
    expect((await t.get('/pay/x')).status).to.equal(404)
  })

  describe('that is sent back', () => {
    async function cancelled() {
      const made = await open()
      bank().pay(made.chargeId)
      await t.settle()
      await t.post(`/api/v1/orders/${made.orderId}/cancel`, { as: 'buyer', key: made.orderId })
      await t.services.payments.refundCancelled(made.orderId)
      const refund = await t.db('refunds').where({ order_id: made.orderId }).first()
      return { ...made, refundId: refund.id as string }
    }
    const made = (refundId: string) => bank().operations(refundId)
    const perform = (refundId: string) =>
      t.services.payments.performRefund(refundId).catch((error: { code: string }) => error.code)

    it('goes back once, and the credit note follows', async () => {
      const { orderId, refundId, id } = await cancelled()
      await t.settle()
      expect(made(refundId)).to.have.length(1)
      expect(await statusOf(t, 'refunds', { id: refundId })).to.equal('REFUNDED')
      expect((await payment(id)).status).to.equal('REFUNDED')
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
    })

    it('goes back once though every answer is lost: it is looked up, never asked for twice', async () => {
      const { refundId } = await cancelled()
      t.sandbox.control.webhooks.hold()
      t.sandbox.control.faults.add({ kind: 'drop', on: 'hyperpay.manage' })
      expect(await perform(refundId)).to.equal('provider.unavailable')
      expect(await perform(refundId)).to.equal(undefined)
      expect(made(refundId)).to.have.length(1)
      expect(await statusOf(t, 'refunds', { id: refundId })).to.equal('REFUNDED')
      t.sandbox.control.webhooks.release()
      await t.settle()
    })

    it('is not asked for again before it is certain that it was not made', async () => {
      const { refundId } = await cancelled()
      t.sandbox.control.faults.add({ kind: 'drop', when: 'before', on: 'hyperpay.manage' })
      expect(await perform(refundId)).to.equal('provider.unavailable')
      expect(await perform(refundId)).to.equal('payments.outcome_unknown')
      expect(made(refundId)).to.be.empty
      t.clock.advance(minutes(6))
      expect(await perform(refundId)).to.equal(undefined)
      expect(made(refundId)).to.have.length(1)
      await t.settle()
    })

    it('goes back once though ten workers take it up at once', async () => {
      const { refundId } = await cancelled()
      await Promise.all(Array.from({ length: 10 }, () => perform(refundId)))
      await t.settle()
      expect(made(refundId)).to.have.length(1)
    })

    it('is FAILED, with an alert, where the bank declines', async () => {
      const { refundId } = await cancelled()
      bank().answerWith(DECLINED)
      await t.settle()
      expect(await t.db('refunds').where({ id: refundId }).first()).to.include({
        status: 'FAILED',
        failure_code: DECLINED,
      })
      expect(await t.db('alerts').where({ key: `refund_failed:${refundId}` })).to.have.length(1)
    })
  })

  it('that comes for an order whose part is gone goes back', async () => {
    const { id, chargeId, orderId, listingId } = await open()
    t.clock.advance(minutes(31))
    await t.services.orders.expireHolds()
    t.clock.reset()
    await t.owner('listings').where({ id: listingId }).update({ stock: 0 })
    bank().pay(chargeId)
    await t.settle()
    expect((await payment(id)).status).to.equal('REFUNDED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('EXPIRED')
    expect(await stockOf(t, listingId)).to.equal(0)
  })
})
