import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { buy, pay, place, statusOf } from '../support/shopping.js'

const operator = { kind: 'operator', name: 'mona' } as const

describe('putting our books beside the providers', () => {
  const t = useContext()
  let since: Date
  beforeEach(async () => {
    // each test looks at what it began itself
    since = (await t.db.raw('select clock_timestamp() as now')).rows[0].now
  })
  afterEach(() => {
    t.sandbox.control.faults.clear()
    t.sandbox.control.refunds.hold(false)
    t.clock.reset()
  })
  const reconcile = (apply = false) => t.services.payments.reconcile({ since, apply }, operator)
  /** The provider's word of it is lost. */
  const unheard = (act: () => void) => {
    t.sandbox.control.webhooks.hold()
    act()
    t.sandbox.control.webhooks.discard()
    t.sandbox.control.webhooks.release()
  }
  const lines = async () => [{ listingId: (await t.accounts.listing({ stock: 5 })).id, quantity: 1 }]
  async function open(provider: 'tap' | 'hyperpay') {
    const checkout = await place(t, await lines())
    const payment = await pay(t, checkout.id, 'buyer', { provider })
    return { ...payment, orderId: checkout.orders[0]?.id as string }
  }
  const approve = (provider: 'tap' | 'hyperpay', id: string) =>
    provider === 'tap' ? void t.sandbox.control.payments.approve(id) : void t.sandbox.control.hyperpay.pay(id)

  it('finds nothing where both say the same, whatever the state', async () => {
    await buy(t, await lines())
    const back = await buy(t, await lines())
    await t.post(`/api/v1/orders/${back.orderId}/cancel`, { as: 'buyer', key: back.orderId })
    await open('hyperpay')
    t.sandbox.control.payments.decline((await open('tap')).chargeId)
    await t.settle()
    const { looked, differences } = await reconcile()
    expect(differences).to.deep.equal([])
    expect(looked).to.equal(5)
  })

  for (const provider of ['tap', 'hyperpay'] as const)
    it(`lists money that ${provider} has and we do not know of, and books it once when told to`, async () => {
      const { id, chargeId, orderId } = await open(provider)
      unheard(() => approve(provider, chargeId))
      const { differences } = await reconcile()
      expect(differences).to.have.length(1)
      expect(differences[0]).to.include({
        kind: 'payment',
        id,
        provider,
        ours: 'INITIATED',
        theirs: 'CAPTURED',
      })
      expect(await statusOf(t, 'payments', { id })).to.equal('INITIATED')

      expect((await reconcile(true)).differences[0]).to.include({ repaired: 'applied' })
      expect((await reconcile(true)).differences).to.deep.equal([])
      await t.settle()
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
      expect(await t.db('invoices').where({ order_id: orderId })).to.have.length(1)
      const booked = { action: 'payment_completed', object_id: id }
      expect(await t.owner('audit_log').where(booked)).to.have.length(1)
    })

  it('finds a payment by our reference where the answer that named it was lost', async () => {
    const checkout = await place(t, await lines())
    t.sandbox.control.faults.add({ kind: 'drop', on: 'charge.create', times: 3 })
    const body = { checkoutId: checkout.id }
    expect((await t.post('/api/v1/payments', { as: 'buyer', key: 'lost', body })).status).to.equal(503)
    const { id } = await t.db('payments').where({ checkout_id: checkout.id }).first('id')
    const charge = t.sandbox.control.payments.list().find(each => each.reference.transaction === id)
    unheard(() => approve('tap', charge?.id as string))
    const { differences } = await reconcile(true)
    expect(differences[0]).to.include({ id, externalId: null, theirs: 'CAPTURED', repaired: 'applied' })
    const row = await t.db('payments').where({ id }).first()
    expect(row).to.include({ status: 'CAPTURED', external_id: charge?.id })
    await t.settle()
  })

  it('lists a refund that is over at the provider, and books it', async () => {
    t.sandbox.control.refunds.hold()
    const { orderId } = await buy(t, await lines())
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: orderId })
    await t.settle()
    unheard(() => void t.sandbox.control.refunds.settle(t.sandbox.control.refunds.list()[0]?.id as string))
    expect((await reconcile()).differences[0]).to.include({
      kind: 'refund',
      ours: 'PENDING',
      theirs: 'REFUNDED',
    })
    expect((await reconcile(true)).differences[0]).to.include({ repaired: 'applied' })
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
    await t.settle()
  })

  it('lists money that was taken under no payment of ours', async () => {
    const made = await fetch(`${t.sandbox.tapApiUrl}/charges/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${t.env.TAP_SECRET_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        amount: 10,
        currency: 'SAR',
        customer: { first_name: 'Desk', email: 'desk@example.sa' },
        source: { id: 'src_all' },
        redirect: { url: 'http://127.0.0.1:1/' },
      }),
    })
    const { id } = (await made.json()) as { id: string }
    t.sandbox.control.payments.approve(id)
    const found = (await reconcile(true)).differences.map(each => [each.kind, each.id, each.repaired])
    expect(found).to.deep.equal([['unknown_charge', id, undefined]])
  })

  it('goes on where a provider does not answer for one, and says for which', async () => {
    const silent = await open('hyperpay')
    const heard = await open('tap')
    unheard(() => approve('tap', heard.chargeId))
    t.sandbox.control.faults.add({ kind: 'status', status: 503, on: 'hyperpay.result', times: 3 })
    const { differences } = await reconcile(true)
    const kinds = Object.fromEntries(differences.map(each => [each.id, each.kind]))
    expect(kinds).to.deep.include({ [silent.id]: 'not_answered', [heard.id]: 'payment' })
    expect(await statusOf(t, 'payments', { id: heard.id })).to.equal('CAPTURED')
    await t.settle()
  })

  it('comes by itself every night, and tells people what it could not repair', async () => {
    const { id, chargeId } = await open('tap')
    unheard(() => approve('tap', chargeId))
    t.sandbox.control.show(chargeId, { amount: 1 })
    await t.services.payments.reconcileLately()
    expect(await statusOf(t, 'payments', { id })).to.equal('UNDER_REVIEW')
    const alert = await t.db('alerts').where({ key: 'books_differ' }).whereNull('ended_at').first()
    expect(JSON.stringify(alert.details)).to.include(id)
  })
})

describe('a payment that was held for review', () => {
  const t = useContext()

  /** Wanted looked at by HyperPay; or, with a change, of another sum than we asked for. */
  async function held(change?: Record<string, unknown>) {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay' })
    t.sandbox.control.webhooks.hold()
    const paid = t.sandbox.control.hyperpay.pay(payment.chargeId, change ? '000.100.110' : '000.400.000')
    if (change) t.sandbox.control.show(paid.id, change)
    t.sandbox.control.webhooks.release()
    await t.settle()
    expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('UNDER_REVIEW')
    return { ...payment, checkoutId: checkout.id, orderId: checkout.orders[0]?.id as string }
  }
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code: string }) => error.code,
    )

  it('is taken when a person has looked, and its alert is over', async () => {
    const { id, orderId } = await held()
    const { payments } = t.services
    expect((await payments.accept(id, 'called back', operator)).status).to.equal('CAPTURED')
    expect(await code(payments.accept(id, 'called back', operator))).to.equal('payments.not_held')
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    const [audited] = await t.owner('audit_log').where({ action: 'payment_review_accepted', object_id: id })
    expect(audited).to.include({ actor_name: 'mona' })
    const alert = await t
      .db('alerts')
      .where({ key: `payment_mismatch:${id}` })
      .first()
    expect(alert.ended_at).to.not.equal(null)
  })

  it('stays held, whoever accepts it, where it is another sum', async () => {
    const { id, orderId } = await held({ amount: '1.00' })
    expect(await code(t.services.payments.accept(id, 'it will do', operator))).to.equal('payments.still_held')
    expect(await statusOf(t, 'payments', { id })).to.equal('UNDER_REVIEW')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PENDING')
  })

  it('is closed when its money went back, and the checkout may be paid anew', async () => {
    const { id, checkoutId, orderId } = await held({ amount: '1.00' })
    const { payments } = t.services
    expect((await payments.closeReview(id, 'sent back', operator)).status).to.equal('FAILED')
    expect(await code(payments.closeReview(id, 'sent back', operator))).to.equal('payments.not_held')
    const { chargeId } = await pay(t, checkoutId)
    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
  })

  it('is none to be decided where it is paid or unknown', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const { payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const unknown = '01970000-0000-7000-8000-000000000001'
    for (const act of [t.services.payments.accept, t.services.payments.closeReview]) {
      expect(await code(act(payment.id, 'because', operator))).to.equal('payments.not_held')
      expect(await code(act(unknown, 'because', operator))).to.equal('payments.not_found')
    }
  })
})
