import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { ProviderPayment, ProviderStatus } from '../../api/modules/payments/gateways/gateway.js'
import type { Payment } from '../../api/modules/payments/payment.js'
import { PAYMENT_STATUSES, type PaymentStatus } from '../../api/modules/payments/payment-states.js'
import { halalas } from '../../api/platform/money.js'
import { useContext } from '../support/context.js'
import { buy, pay, place, statusOf, stockOf } from '../support/shopping.js'

describe('a payment the provider describes otherwise than we do', () => {
  const t = useContext()

  for (const [what, change] of Object.entries({
    amount: { amount: 1 },
    'amount by a halala': { amount: 115.01 },
    'amount with a third decimal': { amount: 115.001 },
    currency: { currency: 'USD' },
    reference: { reference: { transaction: '01970000-0000-7000-8000-000000000000' } },
    mode: { live_mode: true },
  })) {
    it(`(${what}) is held for review, and its order is not paid`, async () => {
      const listing = await t.accounts.listing()
      const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
      const { id, chargeId } = await pay(t, checkout.id)
      t.sandbox.control.show(chargeId, change)
      t.sandbox.control.payments.approve(chargeId)
      await t.settle()
      expect(await statusOf(t, 'payments', { id })).to.equal('UNDER_REVIEW')
      expect(await statusOf(t, 'orders', { checkout_id: checkout.id })).to.equal('PENDING')
      expect(await t.db('invoices')).to.be.empty
      const [held] = await t.owner('audit_log').where({ action: 'payment_held_for_review', object_id: id })
      expect(held.details).to.deep.equal({ differences: [what.split(' ')[0]] })
      const event = await t.db('webhook_events').where({ object_id: chargeId }).first()
      expect(event).to.include({ status: 'processed', outcome: 'held_for_review' })
      const alert = await t
        .db('alerts')
        .where({ key: `payment_mismatch:${id}` })
        .first()
      expect(alert).to.include({ kind: 'payment_mismatch', severity: 'critical', times: 1, ended_at: null })
      expect(t.log.of('alert').at(-1)?.fields).to.include({ key: alert.key })
    })
  }
})

describe('what a provider says', () => {
  const t = useContext()
  let payment: { id: string; chargeId: string }
  let checkoutId: string
  before(async () => {
    const listing = await t.accounts.listing()
    checkoutId = (await place(t, [{ listingId: listing.id, quantity: 1 }])).id
    payment = await pay(t, checkoutId)
  })

  /** Where a payment stands after a word of the provider's. What is not named here stays as it was. */
  const MOVES: Partial<Record<PaymentStatus, Partial<Record<ProviderStatus, PaymentStatus>>>> = {
    INITIATED: {
      PENDING: 'PENDING',
      AUTHORIZED: 'AUTHORIZED',
      CAPTURED: 'CAPTURED',
      FAILED: 'FAILED',
      VOIDED: 'VOIDED',
    },
    PENDING: { AUTHORIZED: 'AUTHORIZED', CAPTURED: 'CAPTURED', FAILED: 'FAILED', VOIDED: 'VOIDED' },
    AUTHORIZED: { CAPTURED: 'CAPTURED', FAILED: 'FAILED', VOIDED: 'VOIDED' },
    FAILED: { CAPTURED: 'CAPTURED' },
    VOIDED: { CAPTURED: 'CAPTURED' },
    UNDER_REVIEW: { CAPTURED: 'CAPTURED', FAILED: 'FAILED', VOIDED: 'VOIDED' },
  }
  const WORDS: ProviderStatus[] = [
    'INITIATED',
    'PENDING',
    'AUTHORIZED',
    'CAPTURED',
    'FAILED',
    'VOIDED',
    'UNKNOWN',
  ]

  for (const from of PAYMENT_STATUSES) {
    it(`never takes a payment that is ${from} back`, async () => {
      const undo = new Error('rolled back')
      for (const word of WORDS) {
        const told: ProviderPayment = {
          externalId: payment.chargeId,
          status: word,
          amount: halalas(11_500),
          currency: 'SAR',
          reference: payment.id,
          redirectUrl: undefined,
          failureCode: undefined,
          isLive: false,
        }
        let became: string | undefined
        let outcome: string | undefined
        await t.owner
          .transaction(async trx => {
            // put there by hand: the database itself lets a payment come to a state in one way only
            await trx.raw('alter table payments disable trigger payments_transition')
            await trx('payments').where({ id: payment.id }).update({ status: from })
            await trx.raw('alter table payments enable trigger payments_transition')
            const gateway = t.services.payments.gateway('tap')
            outcome = (await t.services.payments.settlement.payment(trx, gateway, told)).outcome
            became = (await trx('payments').where({ id: payment.id }).first()).status
            throw undo
          })
          .catch(error => expect(error).to.equal(undo))
        const expected = MOVES[from]?.[word]
        expect(became, `${word} after ${from}`).to.equal(expected ?? from)
        expect(outcome, `${word} after ${from}`).to.equal(expected ? 'applied' : 'ignored_stale')
      }
    })
  }

  it('goes back in time without effect: INITIATED after CAPTURED', async () => {
    t.sandbox.control.payments.approve(payment.chargeId)
    await t.settle()
    for (const status of ['INITIATED', 'DECLINED', 'VOID', 'SOMETHING NEW']) {
      t.sandbox.control.show(payment.chargeId, { status })
      await t.owner('webhook_events').where({ object_id: payment.chargeId }).update({ status: 'failed' })
      t.sandbox.control.webhooks.resend(payment.chargeId)
      await t.settle()
      expect(await t.db('webhook_events').where({ object_id: payment.chargeId }).first()).to.include({
        status: 'processed',
        outcome: 'ignored_stale',
      })
      expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('CAPTURED')
    }
  })
})

describe('a checkout that is paid twice', () => {
  const t = useContext()
  afterEach(() => t.sandbox.control.refunds.hold(false))

  /** The first page was declined, as it seemed; the second was paid; then the first turns out to be paid too. */
  async function paidTwice(listingId: string) {
    const checkout = await place(t, [{ listingId, quantity: 1 }])
    const first = await pay(t, checkout.id)
    t.sandbox.control.show(first.chargeId, { status: 'DECLINED' })
    t.sandbox.control.webhooks.resend(first.chargeId)
    await t.settle()
    t.sandbox.control.showTruth(first.chargeId)
    const second = await pay(t, checkout.id)
    t.sandbox.control.payments.approve(second.chargeId)
    await t.settle()
    return { first, second, orderId: checkout.orders[0]?.id as string }
  }

  it('keeps the first money and sends the second back; the order and its invoice stand', async () => {
    const listing = await t.accounts.listing({ stock: 3 })
    const { first, second, orderId } = await paidTwice(listing.id)
    t.sandbox.control.payments.approve(first.chargeId)
    await t.settle()
    expect(await statusOf(t, 'payments', { id: second.id })).to.equal('CAPTURED')
    expect(await statusOf(t, 'payments', { id: first.id })).to.equal('REFUNDED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    expect(await stockOf(t, listing.id)).to.equal(2)
    expect(await t.db('invoices').where({ order_id: orderId }).pluck('kind')).to.deep.equal(['TAX_INVOICE'])
    expect(await t.db('refunds').where({ order_id: orderId })).to.have.length(1)
  })

  it('is refunded when all its money is back, with one credit note', async () => {
    t.sandbox.control.refunds.hold()
    const listing = await t.accounts.listing()
    const { first, second, orderId } = await paidTwice(listing.id)
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: randomUUID() })
    await t.settle()
    t.sandbox.control.payments.approve(first.chargeId)
    await t.settle()
    const pending = (chargeId: string) =>
      t.sandbox.control.refunds.list().find(refund => refund.charge_id === chargeId)?.id as string

    t.sandbox.control.refunds.settle(pending(first.chargeId))
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('CANCELLED')
    t.sandbox.control.refunds.settle(pending(second.chargeId))
    await t.settle()
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
    const kinds = await t.db('invoices').where({ order_id: orderId }).orderBy('id').pluck('kind')
    expect(kinds).to.deep.equal(['TAX_INVOICE', 'CREDIT_NOTE'])
  })
})

describe('a refund', () => {
  const t = useContext()
  afterEach(() => t.sandbox.control.refunds.hold(false))

  async function aRefund() {
    t.sandbox.control.refunds.hold()
    const listing = await t.accounts.listing()
    const bought = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    await t.post(`/api/v1/orders/${bought.orderId}/cancel`, { as: 'buyer', key: randomUUID() })
    await t.settle()
    const theirs = t.sandbox.control.refunds.list()[0]?.id as string
    return { ...bought, theirs }
  }

  for (const [what, change] of [
    ['amount', { amount: 1 }],
    ['charge', { charge_id: 'chg_another' }],
  ] as const)
    it(`of another ${what} than we asked for changes nothing`, async () => {
      const { orderId, theirs } = await aRefund()
      t.sandbox.control.show(theirs, change)
      t.sandbox.control.refunds.settle(theirs)
      await t.settle()
      expect(await statusOf(t, 'refunds', { order_id: orderId })).to.equal('PENDING')
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('CANCELLED')
      const event = await t.db('webhook_events').where({ object_id: theirs }).first()
      expect(event).to.include({ status: 'processed', outcome: 'held_for_review' })
    })

  it('is booked once, however often it is told and asked for', async () => {
    const { orderId, theirs, payment } = await aRefund()
    t.sandbox.control.refunds.settle(theirs)
    await t.settle()
    const refund = await t.db('refunds').where({ order_id: orderId }).first()
    await Promise.all([
      t.services.payments.performRefund(refund.id),
      t.services.payments.performRefund(refund.id),
      t.services.payments.refundCancelled(orderId),
    ])
    await t.settle()
    expect(await t.db('payments').where({ id: payment.id }).first()).to.include({
      status: 'REFUNDED',
      refunded_halalas: 11_500,
    })
    expect(await t.db('refunds').where({ order_id: orderId })).to.have.length(1)
    expect(
      t.sandbox.control.refunds.list().filter(each => each.charge_id === payment.chargeId),
    ).to.have.length(1)
  })

  it("made at the provider's own desk is noted and changes nothing", async () => {
    const listing = await t.accounts.listing()
    const { payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const made = await fetch(`${t.sandbox.tapApiUrl}/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${t.env.TAP_SECRET_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        charge_id: payment.chargeId,
        amount: 5,
        currency: 'SAR',
        reason: 'goodwill',
        reference: { merchant: 'desk-17' },
        post: { url: `${t.baseUrl}/api/v1/webhooks/tap` },
      }),
    })
    const { id } = (await made.json()) as { id: string }
    await t.settle()
    const event = await t.db('webhook_events').where({ object_id: id }).first()
    expect(event).to.include({ status: 'processed', outcome: 'ignored_unknown' })
    expect(await statusOf(t, 'payments', { id: payment.id })).to.equal('CAPTURED')
  })

  it('and a payment told at once do not wait for one another for ever', async () => {
    const listing = await t.accounts.listing({ stock: 50 })
    const orders = await Promise.all(Array.from({ length: 4 }, () => buyAndCancel(listing.id)))
    const rounds = orders.flatMap(({ chargeId, refundId }) => [
      settlePayment(chargeId),
      settleRefund(refundId),
      settlePayment(chargeId),
    ])
    await Promise.all(rounds)
    for (const { orderId } of orders)
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('REFUNDED')
  })

  async function buyAndCancel(listingId: string) {
    const checkout = await place(t, [{ listingId, quantity: 1 }])
    const { chargeId } = await pay(t, checkout.id)
    const orderId = checkout.orders[0]?.id as string
    t.sandbox.control.payments.approve(chargeId)
    await settlePayment(chargeId)
    const { actor } = await t.accounts.account('buyer')
    await t.services.orders.cancel(orderId, actor)
    await t.services.payments.refundCancelled(orderId)
    const refund = await t.db('refunds').where({ order_id: orderId }).first('id')
    return { orderId, chargeId, refundId: refund.id as string }
  }
  async function settlePayment(chargeId: string): Promise<void> {
    const gateway = t.services.payments.gateway('tap')
    const payment = await t.services.payments.named('tap', { objectId: chargeId, reference: null })
    const told = await gateway.getPayment((payment as Payment).handle)
    await t.db.transaction(trx => t.services.payments.settlement.payment(trx, gateway, told))
  }
  const settleRefund = (id: string) => t.services.payments.performRefund(id)
})
