import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { bareEnvironment, cargoparts } from '../support/command.js'
import { useContext } from '../support/context.js'
import { buy, pay, place, statusOf, stockOf } from '../support/shopping.js'

const operator = { kind: 'operator', name: 'huda' } as const

describe('money that comes a second time under one payment', () => {
  const t = useContext()
  const bank = () => t.sandbox.control.hyperpay
  afterEach(() => {
    t.sandbox.control.faults.clear()
    t.sandbox.control.refunds.hold(false)
    bank().answerWith('000.100.110')
    t.clock.reset()
  })

  type Bought = { id: string; orderId: string; listingId: string; first: string }
  type Provider = {
    name: 'tap' | 'hyperpay'
    /** An order, paid once. */
    paid(): Promise<Bought>
    /** The bank takes the money again, and its provider's name for that. */
    again(bought: Bought, amount?: number): Promise<string>
    /** What went back of one capture. */
    back(captureId: string): number[]
    refundOn: 'refund.create' | 'hyperpay.manage'
    /** Reading it says otherwise from now on. */
    readAs: Record<string, unknown>
  }

  async function ordered() {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    return { checkout, orderId: checkout.orders[0]?.id as string, listingId: listing.id }
  }

  const tap: Provider = {
    name: 'tap',
    async paid() {
      const { checkout, ...rest } = await ordered()
      const { id, chargeId } = await pay(t, checkout.id)
      t.sandbox.control.payments.approve(chargeId)
      await t.settle()
      return { id, first: chargeId, ...rest }
    },
    async again({ id }, amount = 115) {
      const made = await fetch(`${t.sandbox.tapApiUrl}/charges/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${t.env.TAP_SECRET_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          amount,
          currency: 'SAR',
          reference: { transaction: id },
          customer: { first_name: 'Sara', email: 'sara@example.sa' },
          source: { id: 'src_all' },
          redirect: { url: 'http://127.0.0.1:1/' },
          post: { url: `${t.baseUrl}/api/v1/webhooks/tap` },
        }),
      })
      const { id: chargeId } = (await made.json()) as { id: string }
      t.sandbox.control.payments.approve(chargeId)
      return chargeId
    },
    back: captureId =>
      t.sandbox.control.refunds
        .list()
        .filter(refund => refund.charge_id === captureId)
        .map(({ amount }) => amount),
    refundOn: 'refund.create',
    readAs: { currency: 'USD' },
  }

  /** One card was declined and another accepted; then the bank takes the first one's money after all. */
  const hyperpay: Provider = {
    name: 'hyperpay',
    async paid() {
      const { checkout, ...rest } = await ordered()
      const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay' })
      for (let card = 0; card < 2; card++) bank().decline(chargeId)
      const { id: first } = bank().pay(chargeId)
      await t.settle()
      return { id, first, ...rest }
    },
    async again({ id }, amount) {
      const declined = bank()
        .operations(id)
        .find(({ result }) => result.code === '800.100.155')
      const second = declined?.id as string
      if (amount !== undefined) t.sandbox.control.show(second, { amount: amount.toFixed(2) })
      bank().settle(second)
      return second
    },
    back: captureId =>
      bank()
        .operations()
        .filter(({ referencedId, paymentType }) => referencedId === captureId && paymentType === 'RF')
        .map(({ amount }) => Number(amount)),
    refundOn: 'hyperpay.manage',
    readAs: { currency: 'USD' },
  }

  const refundsOf = (id: string) => t.db('refunds').where({ payment_id: id }).orderBy('id')
  const alertOf = (id: string, captureId: string) =>
    t
      .db('alerts')
      .where({ key: `payment_captured_twice:${id}:${captureId}` })
      .orderBy('id', 'desc')
      .first()
  const toldByHand = (id: string, captureId: string) =>
    t.db.transaction(trx =>
      t.services.alerts.raise(trx, {
        key: `payment_captured_twice:${id}:${captureId}`,
        kind: 'payment_captured_twice',
        severity: 'critical',
        summary: 'Send it back at the provider.',
      }),
    )
  /** The refund of a second capture that was heard of and not sent back yet. */
  async function noted(id: string, captureId: string): Promise<string> {
    await t.sandbox.control.webhooks.idle()
    const event = await t
      .db('webhook_events')
      .where({ object_id: captureId })
      .whereNot({ status: 'processed' })
      .first()
    await t.services.webhooks.process(event.id)
    return (await refundsOf(id))[0].id
  }
  const unheard = async (act: () => Promise<unknown>) => {
    t.sandbox.control.webhooks.hold()
    await act()
    t.sandbox.control.webhooks.discard()
    t.sandbox.control.webhooks.release()
  }
  /** The order keeps what it was paid with. */
  async function standsAsPaid({ id, orderId, listingId, first }: Bought) {
    const payment = await t.db('payments').where({ id }).first()
    expect(payment).to.include({ status: 'CAPTURED', refunded_halalas: 0, capture_id: first })
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    expect(await stockOf(t, listingId)).to.equal(4)
    expect(await t.db('invoices').where({ order_id: orderId }).pluck('kind')).to.deep.equal(['TAX_INVOICE'])
  }

  for (const provider of [tap, hyperpay]) {
    const { name } = provider

    it(`(${name}) goes back by itself, once; the first pays the order as before`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought)
      await t.settle()
      const [refund, ...more] = await refundsOf(bought.id)
      expect(more).to.be.empty
      expect(refund).to.include({ capture_id: second, order_id: null, amount_halalas: 11_500 })
      expect(refund.status).to.equal('REFUNDED')
      expect(provider.back(second)).to.deep.equal([115])
      expect(provider.back(bought.first)).to.be.empty
      await standsAsPaid(bought)

      const trail = await t.owner('audit_log').where({ object_id: refund.id }).orderBy('id').pluck('action')
      expect(trail).to.deep.equal(['refund_requested', 'second_capture_refunded'])
      const alert = await alertOf(bought.id, second)
      expect(alert).to.include({ kind: 'payment_captured_twice', severity: 'warning', times: 1 })
      expect(alert.details).to.include({ captureId: bought.first, secondCaptureId: second })
      expect(alert.ended_at).to.not.equal(null)
      const { outcome } = await t
        .db('webhook_events')
        .where({ claimed_status: claimOf(name), object_id: second })
        .first()
      expect(outcome).to.equal('applied')
      const seen = await t.services.webhooks.list({ order: bought.orderId, limit: 20 })
      expect(seen.map(({ objectId }) => objectId)).to.include.members([
        second,
        bought.first,
        refund.external_id,
      ])
    })

    it(`(${name}) goes back once, however often and by however many it is seen`, async () => {
      const bought = await provider.paid()
      t.sandbox.control.webhooks.hold()
      t.sandbox.control.webhooks.repeat(3)
      const second = await provider.again(bought)
      t.sandbox.control.webhooks.release()
      await t.sandbox.control.webhooks.idle()
      const event = await t.db('webhook_events').where({ object_id: second, status: 'received' }).first()
      await Promise.all([
        t.services.webhooks.process(event.id),
        ...Array.from({ length: 4 }, () =>
          t.services.payments.reconcile({ since: new Date(0), apply: true }, operator),
        ),
      ])
      const [{ id }] = await refundsOf(bought.id)
      const perform = () => t.services.payments.performRefund(id).catch(() => undefined)
      await Promise.all(Array.from({ length: 10 }, perform))
      await t.settle()
      await t.services.webhooks.replay(event.id)
      await t.settle()
      expect(await refundsOf(bought.id)).to.have.length(1)
      expect(provider.back(second)).to.deep.equal([115])
      expect(provider.back(bought.first)).to.be.empty
      expect(await alertOf(bought.id, second)).to.include({ times: 1 })
      await standsAsPaid(bought)
    })

    it(`(${name}) goes back once though the answer to that is lost`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought)
      const id = await noted(bought.id, second)
      t.sandbox.control.faults.add({ kind: 'drop', on: provider.refundOn, times: name === 'tap' ? 3 : 1 })
      const lost = await t.services.payments.performRefund(id).catch(error => error.code)
      expect(lost).to.equal('provider.unavailable')
      const [{ asked_at: asked }] = await refundsOf(bought.id)
      await t.settle()
      // Tap's day begins with the first time that it was asked
      if (name === 'tap') expect((await refundsOf(bought.id))[0].asked_at).to.deep.equal(asked)
      expect(await statusOf(t, 'refunds', { id })).to.equal('REFUNDED')
      expect(provider.back(second)).to.deep.equal([115])
    })

    it(`(${name}) of another sum than was asked for is for people: nothing moves`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought, 99)
      await t.settle()
      expect(await refundsOf(bought.id)).to.be.empty
      expect([...provider.back(second), ...provider.back(bought.first)]).to.be.empty
      const alert = await alertOf(bought.id, second)
      expect(alert).to.include({ severity: 'critical', ended_at: null })
      expect(alert.details.differences).to.deep.equal(['amount'])
      await standsAsPaid(bought)
    })

    it(`(${name}) of another sum is not told of again once somebody dealt with it`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought, 99)
      await t.settle()
      const { id } = await alertOf(bought.id, second)
      await t.services.alertDesk.close(id, 'sent back at the desk', operator)
      const event = await t
        .db('webhook_events')
        .where({ object_id: second, outcome: 'held_for_review' })
        .first()
      await t.services.webhooks.retry(event.id, operator)
      await t.settle()
      const since = new Date(0)
      const { differences } = await t.services.payments.reconcile({ since, apply: true }, operator)
      expect(differences.filter(each => each.id === bought.id)).to.be.empty
      expect((await alertOf(bought.id, second)).id).to.equal(id)
      expect(await t.db('webhook_events').where({ id: event.id }).first()).to.include({
        status: 'processed',
        outcome: 'ignored_stale',
      })
    })

    it(`(${name}) that a person was told to send back is left to that person`, async () => {
      const bought = await provider.paid()
      t.sandbox.control.webhooks.hold()
      const second = await provider.again(bought)
      // the release before told people of every second capture, and sent none back
      await toldByHand(bought.id, second)
      t.sandbox.control.webhooks.release()
      await t.settle()
      const since = new Date(0)
      await t.services.payments.reconcile({ since, apply: true }, operator)
      await t.settle()
      expect(await refundsOf(bought.id)).to.be.empty
      expect(provider.back(second)).to.be.empty
      const alert = await alertOf(bought.id, second)
      expect(alert).to.include({ severity: 'critical', ended_at: null })
      const event = await t
        .db('webhook_events')
        .where({ object_id: second, claimed_status: claimOf(name) })
        .first()
      expect(event).to.include({ status: 'processed', outcome: 'held_for_review' })

      await t.services.alertDesk.close(alert.id, 'sent back at the desk', operator)
      await t.services.webhooks.replay(event.id)
      const { differences } = await t.services.payments.reconcile({ since, apply: true }, operator)
      await t.settle()
      expect(differences.filter(each => each.id === bought.id)).to.be.empty
      expect(await refundsOf(bought.id)).to.be.empty
      expect(provider.back(second)).to.be.empty
    })

    it(`(${name}) is read again before it goes back, and stays where it reads otherwise by then`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought)
      await noted(bought.id, second)
      t.sandbox.control.show(second, provider.readAs)
      await t.settle()
      t.sandbox.control.showTruth(second)
      const [refund] = await refundsOf(bought.id)
      expect(refund).to.include({ status: 'FAILED', failure_code: 'differs in currency' })
      expect(provider.back(second)).to.be.empty
      expect(await t.db('alerts').where({ key: `refund_failed:${refund.id}` })).to.have.length(1)
    })

    it(`(${name}) is read again also where it was asked for before, and was not heard`, async () => {
      const bought = await provider.paid()
      const second = await provider.again(bought)
      const id = await noted(bought.id, second)
      t.sandbox.control.faults.add({ kind: 'status', status: 500, on: provider.refundOn, times: 3 })
      await t.services.payments.performRefund(id).catch(() => undefined)
      t.sandbox.control.faults.clear()
      expect((await refundsOf(bought.id))[0]).to.include({ status: 'REQUESTED' })
      expect((await refundsOf(bought.id))[0].asked_at).to.not.equal(null)
      t.sandbox.control.show(second, provider.readAs)
      t.clock.advance(minutes(6))
      await t.services.payments.performRefund(id)
      t.sandbox.control.showTruth(second)
      const [refund] = await refundsOf(bought.id)
      expect(refund).to.include({ status: 'FAILED', failure_code: 'differs in currency' })
      expect(provider.back(second)).to.be.empty
    })

    it(`(${name}) that nobody told of is found by reconciling, listed, and goes back when told to`, async () => {
      const bought = await provider.paid()
      let second = ''
      await unheard(async () => {
        second = await provider.again(bought)
      })
      const reconcile = async (apply: boolean) => {
        const { differences } = await t.services.payments.reconcile({ since: new Date(0), apply }, operator)
        return differences.filter(({ id }) => id === bought.id)
      }
      const listed = await reconcile(false)
      expect(listed).to.have.length(1)
      expect(listed[0]).to.include({
        kind: 'second_capture',
        externalId: second,
        ours: 'nothing',
        theirs: 'CAPTURED',
      })
      if (name === 'tap') {
        const { stdout } = await cargoparts(['webhooks:reconcile', '--since', '24h'], bareEnvironment(t.env))
        const line = stdout
          .split('\n')
          .find(each => each.includes('second_capture') && each.includes(bought.id))
        expect(line?.trim().split(/\s+/).at(-1)).to.equal(second)
      }
      expect(await refundsOf(bought.id)).to.be.empty
      expect((await reconcile(true))[0]).to.include({ repaired: 'applied' })
      expect(await reconcile(true)).to.be.empty
      await t.settle()
      expect(provider.back(second)).to.deep.equal([115])
      await standsAsPaid(bought)
    })

    it(`(${name}) goes back also where the first is back already`, async () => {
      const bought = await provider.paid()
      await t.post(`/api/v1/orders/${bought.orderId}/cancel`, { as: 'buyer', key: randomUUID() })
      await t.settle()
      expect(await statusOf(t, 'payments', { id: bought.id })).to.equal('REFUNDED')
      const second = await provider.again(bought)
      await t.settle()
      expect(provider.back(second)).to.deep.equal([115])
      expect(provider.back(bought.first)).to.deep.equal([115])
      const kinds = await t.db('invoices').where({ order_id: bought.orderId }).orderBy('id').pluck('kind')
      expect(kinds).to.deep.equal(['TAX_INVOICE', 'CREDIT_NOTE'])
    })
  }

  it('stays with the person it was given to while HyperPay wanted a look, also when that is over', async () => {
    const bought = await hyperpay.paid()
    let second = ''
    await unheard(async () => {
      second = await hyperpay.again(bought)
    })
    const reconcile = () => t.services.payments.reconcile({ since: new Date(0), apply: true }, operator)
    t.sandbox.control.show(second, { result: { code: '000.400.000', description: 'to be reviewed' } })
    await reconcile()
    expect((await alertOf(bought.id, second)).details.differences).to.deep.equal(['review'])
    t.sandbox.control.showTruth(second)
    await reconcile()
    await t.settle()
    expect(await refundsOf(bought.id)).to.be.empty
    expect(hyperpay.back(second)).to.be.empty
    expect(await alertOf(bought.id, second)).to.include({ severity: 'critical', times: 2, ended_at: null })
  })

  it('waits for the reading that shows it, where its event was faster', async () => {
    const bought = await hyperpay.paid()
    t.sandbox.control.webhooks.hold()
    const second = await hyperpay.again(bought)
    t.sandbox.control.show(second, { merchantTransactionId: 'not-listed-yet' })
    t.sandbox.control.webhooks.release()
    await t.settle()
    const events = () =>
      t.db('webhook_events').where({ object_id: second, claimed_status: claimOf('hyperpay') })
    const event = await events().first()
    expect(event).to.include({ status: 'failed' })
    expect(await refundsOf(bought.id)).to.be.empty
    t.sandbox.control.showTruth(second)
    await t.services.webhooks.process(event.id)
    await t.settle()
    expect(await events().first()).to.include({ status: 'processed', outcome: 'applied' })
    expect(hyperpay.back(second)).to.deep.equal([115])
    await standsAsPaid(bought)
  })

  it('may come a third time: all but the first go back, though one reading told of both', async () => {
    const bought = await hyperpay.paid()
    let [second, third] = ['', '']
    await unheard(async () => {
      second = await hyperpay.again(bought)
      third = await hyperpay.again(bought)
    })
    await t.services.payments.reconcile({ since: new Date(0), apply: true }, operator)
    await t.settle()
    const refunds = await refundsOf(bought.id)
    expect(refunds.map(each => each.capture_id)).to.have.members([second, third])
    expect(refunds.map(each => each.status)).to.deep.equal(['REFUNDED', 'REFUNDED'])
    expect([hyperpay.back(second), hyperpay.back(third)]).to.deep.equal([[115], [115]])
    await standsAsPaid(bought)
  })

  it('is seen by the first reading of a payment that was paid twice before anybody looked', async () => {
    const { checkout, orderId } = await ordered()
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { provider: 'hyperpay' })
    t.sandbox.control.webhooks.hold()
    const declined = bank().decline(chargeId)
    bank().pay(chargeId)
    bank().settle(declined.id)
    t.sandbox.control.webhooks.release()
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    const payment = await t.db('payments').where({ id }).first()
    const refunds = await refundsOf(id)
    expect(refunds.map(each => each.status)).to.deep.equal(['REFUNDED'])
    expect(refunds[0].capture_id).to.not.equal(payment.capture_id)
    expect(hyperpay.back(payment.capture_id)).to.be.empty
  })

  it('is for people where nothing says which money paid the order: it may be that', async () => {
    const bought = await tap.paid()
    // as after an answer that named no charge, or in a row of long ago
    const unnamed = { capture_id: null, external_id: 'auth_of_long_ago' }
    await t.db('payments').where({ id: bought.id }).update(unnamed)
    const event = await t.db('webhook_events').where({ object_id: bought.first }).first()
    await t.services.webhooks.replay(event.id)
    await t.settle()
    expect(await refundsOf(bought.id)).to.be.empty
    expect(tap.back(bought.first)).to.be.empty
    const alert = await alertOf(bought.id, bought.first)
    expect(alert).to.include({ severity: 'critical', ended_at: null })
    expect(alert.details.differences).to.deep.equal(['first'])
  })

  it('is kept apart by the database from a refund of an order', async () => {
    const { id, orderId } = await tap.paid()
    const row = { id: randomUUID(), payment_id: id, amount_halalas: 1, reason: 'x' }
    const refused = (values: object) =>
      t
        .owner('refunds')
        .insert({ ...row, ...values })
        .catch(error => error.constraint)
    expect(await refused({})).to.equal('refunds_of_one_thing')
    expect(await refused({ order_id: orderId, capture_id: 'chg_x' })).to.equal('refunds_of_one_thing')
  })

  it('is not taken for the money of the order by a worker of the release before', async () => {
    const bought = await hyperpay.paid()
    const second = await hyperpay.again(bought)
    const id = await noted(bought.id, second)
    // what it did when it heard that a refund is over
    const before = t.db.transaction(async trx => {
      await trx('refunds').where({ id }).update({ status: 'REFUNDED', refunded_at: new Date() })
      await trx('payments').where({ id: bought.id }).update({ status: 'REFUNDED', refunded_halalas: 11_500 })
    })
    const error = await before.then(() => undefined).catch(thrown => thrown)
    expect(error).to.include({ code: '23514', constraint: 'payments_refunded_by_orders' })
    await standsAsPaid(bought)
    await t.settle()
    expect(await statusOf(t, 'refunds', { id })).to.equal('REFUNDED')
    await standsAsPaid(bought)

    await t.post(`/api/v1/orders/${bought.orderId}/cancel`, { as: 'buyer', key: randomUUID() })
    await t.settle()
    const payment = await t.db('payments').where({ id: bought.id }).first()
    expect(payment).to.include({ status: 'REFUNDED', refunded_halalas: 11_500 })
  })

  it('is told of while it goes back, and for as long as it cannot', async () => {
    const bought = await tap.paid()
    t.sandbox.control.faults.add({ kind: 'status', status: 400, on: 'refund.create', times: 1 })
    const second = await tap.again(bought)
    await t.settle()
    const [refund] = await refundsOf(bought.id)
    expect(refund.status).to.equal('FAILED')
    const alert = await alertOf(bought.id, second)
    expect(alert).to.include({ severity: 'critical', times: 2, ended_at: null })
    expect(alert.summary).to.match(/did not go back by itself \(.+\): see at the provider/)
    const failed = await t
      .db('alerts')
      .where({ key: `refund_failed:${refund.id}` })
      .first()
    expect(failed).to.include({ severity: 'critical', ended_at: null })
    expect(failed.details).to.include({ refundId: refund.id, paymentId: bought.id, captureId: second })
    expect(failed.summary).to.include(second)
  })

  it('that is let go before it goes back is nothing that anybody has to send', async () => {
    const bought = await tap.paid()
    const second = await tap.again(bought)
    const id = await noted(bought.id, second)
    t.sandbox.control.show(second, { status: 'VOID' })
    await t.settle()
    t.sandbox.control.showTruth(second)
    expect((await refundsOf(bought.id))[0]).to.include({ status: 'FAILED', failure_code: 'is VOIDED' })
    expect(tap.back(second)).to.be.empty
    expect((await alertOf(bought.id, second)).ended_at).to.not.equal(null)
    const failed = await t
      .db('alerts')
      .where({ key: `refund_failed:${id}` })
      .first()
    expect(failed).to.include({ severity: 'warning' })
    expect(failed.summary).to.match(/is VOIDED, so nothing is to be sent back/)
    await standsAsPaid(bought)
  })

  it('is no second one where a reserved amount is taken', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id, 'buyer', { authorizeFirst: true })
    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
    const { differences } = await t.services.payments.reconcile({ since: new Date(0), apply: true }, operator)
    expect(differences.filter(each => each.id === id)).to.be.empty
    await buy(t, [{ listingId: (await t.accounts.listing()).id, quantity: 1 }])
    expect(await refundsOf(id)).to.be.empty
  })
})

const claimOf = (provider: string) => (provider === 'tap' ? 'CAPTURED' : 'DB 000.100.110')
