import { expect } from 'chai'
import { days, minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { atOnce, tally } from '../support/ordering.js'
import { buy, pay, place, statusOf, stockOf } from '../support/shopping.js'
import { aCharge, deliver } from '../support/tap-delivery.js'
import { ROOM } from '../support/worker.js'

describe('the effect of an event', () => {
  const t = useContext()
  afterEach(() => {
    t.clock.reset()
    t.sandbox.control.faults.clear()
  })
  const eventOf = (objectId: string) => t.db('webhook_events').where({ object_id: objectId }).first()
  const operator = { kind: 'operator', name: 'mona' } as const

  /** A checkout that was paid while nothing of ours has looked at the event yet. */
  async function aPaidCharge() {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = await pay(t, checkout.id)
    t.sandbox.control.payments.approve(payment.chargeId)
    await t.sandbox.control.webhooks.idle()
    const orderId = checkout.orders[0]?.id as string
    return { ...payment, orderId, listingId: listing.id, paymentId: payment.id }
  }
  const failReading = (times: number) =>
    t.sandbox.control.faults.add({ kind: 'status', status: 500, on: 'charge.get', times })

  it('comes once, though fifty copies are delivered and worked on at once', async () => {
    const listing = await t.accounts.listing({ stock: 5 })
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = await pay(t, checkout.id)
    t.sandbox.control.webhooks.repeat(50)
    t.sandbox.control.payments.approve(payment.chargeId)
    await t.sandbox.control.webhooks.idle()
    t.sandbox.control.webhooks.repeat(1)
    const statuses = t.sandbox.control.webhooks.deliveries(payment.chargeId).map(({ status }) => status)
    expect(statuses).to.deep.equal(Array(50).fill(200))

    const { id } = await eventOf(payment.chargeId)
    const runs = await Promise.allSettled(Array.from({ length: 10 }, () => t.services.webhooks.process(id)))
    expect(runs.some(({ status }) => status === 'fulfilled')).to.equal(true)
    await t.settle()
    expect(await eventOf(payment.chargeId)).to.include({ status: 'processed', attempts: 1, deliveries: 50 })
    const audited = { action: 'payment_completed', object_id: payment.id }
    expect(await t.owner('audit_log').where(audited)).to.have.length(1)
    const orderId = checkout.orders[0]?.id as string
    expect(await t.db('invoices').where({ order_id: orderId })).to.have.length(1)
    const told = await t.db('notifications').whereRaw("data ->> 'orderId' = ?", [orderId]).pluck('kind')
    expect(told.sort()).to.deep.equal(['invoice_issued', 'order_paid', 'order_to_confirm'])
  })

  it('does not come again with a copy that arrives days later', async () => {
    const { chargeId, paymentId, orderId, listingId } = await aPaidCharge()
    await t.settle()
    const before = await eventOf(chargeId)
    t.clock.advance(days(3))
    t.sandbox.control.webhooks.resend(chargeId)
    await t.settle()
    expect(await eventOf(chargeId)).to.deep.equal({ ...before, deliveries: 2 })
    expect(await statusOf(t, 'payments', { id: paymentId })).to.equal('CAPTURED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    expect(await stockOf(t, listingId)).to.equal(4)
  })

  it('is what the provider says when asked, not what the delivery claims; it comes again until the two agree', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id)
    const claimed = aCharge({ id: chargeId, reference: { gateway: 'g', payment: 'p', transaction: id } })
    expect((await deliver(t, claimed)).status).to.equal(200)
    await t.settle()
    expect(await eventOf(chargeId)).to.include({ status: 'failed', attempts: 1 })
    expect(await statusOf(t, 'payments', { id })).to.equal('INITIATED')
    t.sandbox.control.webhooks.hold()
    t.sandbox.control.payments.approve(chargeId)
    t.sandbox.control.webhooks.discard()
    t.sandbox.control.webhooks.release()
    t.clock.advance(minutes(2))
    await t.settle()
    expect(await eventOf(chargeId)).to.include({ status: 'processed', outcome: 'applied' })
    expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
  })

  it('is none for a charge that is not ours', async () => {
    const made = await fetch(`${t.sandbox.tapApiUrl}/charges/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${t.env.TAP_SECRET_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        amount: 10,
        currency: 'SAR',
        customer: { first_name: 'Desk', email: 'desk@example.sa' },
        source: { id: 'src_all' },
        reference: { transaction: 'desk-1' },
        post: { url: `${t.baseUrl}/api/v1/webhooks/tap` },
        redirect: { url: 'http://127.0.0.1:1/' },
      }),
    })
    const { id } = (await made.json()) as { id: string }
    t.sandbox.control.payments.approve(id)
    await t.settle()
    expect(await eventOf(id)).to.include({ status: 'processed', outcome: 'ignored_unknown', order_id: null })
  })

  it('is found by our reference where the answer to our request was lost', async () => {
    const { chargeId, paymentId, orderId } = await aPaidCharge()
    await t.db('payments').where({ id: paymentId }).update({ external_id: null, redirect_url: null })
    await t.settle()
    expect(await t.db('payments').where({ id: paymentId }).first()).to.include({
      status: 'CAPTURED',
      external_id: chargeId,
    })
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
  })

  it('links the event to its order', async () => {
    const listing = await t.accounts.listing()
    const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const listed = await t.services.webhooks.list({ order: orderId, limit: 10 })
    expect(listed.map(event => event.objectId)).to.deep.equal([payment.chargeId])
    expect(await t.services.webhooks.list({ status: 'dead', limit: 10 })).to.be.empty
  })

  describe('that fails', () => {
    it('is tried again later', async () => {
      const { chargeId, orderId } = await aPaidCharge()
      failReading(3)
      await t.settle()
      const failed = await eventOf(chargeId)
      expect(failed).to.include({ status: 'failed', attempts: 1, locked_until: null })
      expect(failed.last_error).to.include('did not answer')
      expect(failed.next_attempt_at.getTime()).to.be.above(t.clock.now().getTime())
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PENDING')

      t.clock.advance(minutes(2))
      await t.settle()
      expect(await eventOf(chargeId)).to.include({ status: 'processed', attempts: 2, last_error: null })
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    })

    it('is dead after four attempts within a day, and says so once', async () => {
      t.log.lines.length = 0
      const { chargeId } = await aPaidCharge()
      failReading(1_000)
      const pauses: number[] = []
      for (const attempt of [1, 2, 3]) {
        await t.settle()
        const event = await eventOf(chargeId)
        expect(event).to.include({ status: 'failed', attempts: attempt })
        const pause = event.next_attempt_at.getTime() - t.clock.now().getTime()
        pauses.push(pause)
        t.clock.advance(pause + 1)
      }
      await t.settle()
      expect(await eventOf(chargeId)).to.include({ status: 'dead', attempts: 4, next_attempt_at: null })
      expect(pauses.reduce((all, pause) => all + pause)).to.be.below(days(1))
      expect(t.log.of('webhook_dead')).to.have.length(1)
      t.clock.advance(days(2))
      await t.settle()
      expect(await eventOf(chargeId)).to.include({ status: 'dead', attempts: 4 })
    })

    for (const state of ['failed', 'dead'])
      it(`comes with the next delivery of an event that is ${state}`, async () => {
        const { chargeId, orderId } = await aPaidCharge()
        failReading(3)
        await t.settle()
        await t.db('webhook_events').where({ object_id: chargeId }).update({ status: state, attempts: 4 })
        t.sandbox.control.webhooks.resend(chargeId)
        await t.settle()
        expect(await eventOf(chargeId)).to.include({ status: 'processed', deliveries: 2 })
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
      })

    for (const state of ['failed', 'dead'] as const)
      it(`comes when an operator retries an event that is ${state}, with all its tries`, async () => {
        const { chargeId, orderId } = await aPaidCharge()
        failReading(3)
        await t.settle()
        await t.db('webhook_events').where({ object_id: chargeId }).update({ status: state, attempts: 4 })
        const { id } = await eventOf(chargeId)
        const armed = await t.services.webhooks.retry(id, operator)
        expect(armed).to.include({ status: 'received', attempts: 0, nextAttemptAt: null })
        await t.settle()
        expect(await eventOf(chargeId)).to.include({ status: 'processed', attempts: 1 })
        expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
        const [audited] = await t.owner('audit_log').where({ action: 'webhook_retried', object_id: id })
        expect(audited).to.include({
          actor_kind: 'operator',
          actor_name: 'mona',
          object_type: 'webhook_event',
        })
      })
  })

  it('stands or falls with what is written of its event: neither without the other, and then both, once', async () => {
    const { chargeId, paymentId, orderId } = await aPaidCharge()
    const { id } = await eventOf(chargeId)
    await t.owner.raw(`
      create function cut_off() returns trigger language plpgsql as $$
        begin raise exception 'cut off before it was written'; end $$;
      create trigger cut_off before update on webhook_events for each row
        when (new.status = 'processed' and new.id = '${id}') execute function cut_off()`)
    try {
      await t.services.webhooks.process(id)
    } finally {
      await t.owner.raw('drop trigger cut_off on webhook_events; drop function cut_off()')
    }
    const left = await eventOf(chargeId)
    expect(left).to.include({ status: 'failed', outcome: null })
    expect(left.last_error).to.include('cut off before it was written')
    expect(await statusOf(t, 'payments', { id: paymentId })).to.equal('INITIATED')
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PENDING')
    const booked = () => t.owner('audit_log').where({ action: 'payment_completed', object_id: paymentId })
    expect(await booked()).to.be.empty

    t.clock.advance(minutes(2))
    await t.settle()
    expect(await eventOf(chargeId)).to.include({ status: 'processed', attempts: 2, outcome: 'applied' })
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    expect(await booked()).to.have.length(1)
  })

  it('is none of a worker that was too slow: another has its event by then', async () => {
    const { chargeId, paymentId } = await aPaidCharge()
    const { id } = await eventOf(chargeId)
    // its lease runs out while the provider is asked: somebody else begins
    await t.owner.raw(`
      create function overtake() returns trigger language plpgsql as $$
        begin
          update webhook_events set attempts = attempts + 1 where id = '${id}';
          return new;
        end $$;
      create trigger overtake before update of status on payments for each row
        when (new.id = '${paymentId}') execute function overtake()`)
    try {
      await t.services.webhooks.process(id)
    } finally {
      await t.owner.raw('drop trigger overtake on payments; drop function overtake()')
    }
    // the stranger's own change went with the transaction: nothing of this attempt stands
    expect(await statusOf(t, 'payments', { id: paymentId })).to.equal('INITIATED')
    expect(await eventOf(chargeId)).to.include({ status: 'failed', outcome: null })
    expect((await eventOf(chargeId)).last_error).to.include('took this event over')
    t.clock.advance(minutes(2))
    await t.settle()
    expect(await statusOf(t, 'payments', { id: paymentId })).to.equal('CAPTURED')
  })

  it('does not come again by a retry of what is processed', async () => {
    const { chargeId } = await aPaidCharge()
    await t.settle()
    const before = await eventOf(chargeId)
    await t.services.webhooks.retry(before.id, operator)
    await t.settle()
    expect(await eventOf(chargeId)).to.deep.equal(before)
    expect(await t.owner('audit_log').where({ action: 'webhook_retried', object_id: before.id })).to.be.empty
  })

  it('is asked for in vain for an event that does not exist', async () => {
    const nothing = '01970000-0000-7000-8000-000000000000'
    const refusal = await t.services.webhooks.retry(nothing, operator).catch(error => error)
    expect(refusal).to.include({ kind: 'not_found', code: 'webhooks.not_found' })
    await t.services.webhooks.process(nothing)
  })

  describe('when its worker dies', () => {
    /** A worker has claimed the event and is heard of no more. */
    async function claimed() {
      const paid = await aPaidCharge()
      const { id } = await eventOf(paid.chargeId)
      await t
        .db('webhook_events')
        .where({ id })
        .update({
          status: 'processing',
          attempts: 1,
          locked_until: new Date(t.clock.now().getTime() + minutes(2)),
        })
      return { ...paid, eventId: id as string }
    }

    it('is left to that worker at first, and the work is not taken for done', async () => {
      const { eventId, chargeId } = await claimed()
      const refusal = await t.services.webhooks.process(eventId).catch(error => error)
      expect(refusal).to.include({ kind: 'conflict', code: 'webhooks.in_progress' })
      expect(await eventOf(chargeId)).to.include({ status: 'processing', attempts: 1 })
      await t.db('outbox').whereRaw("payload ->> 'eventId' = ?", [eventId]).update({ done_at: new Date() })
    })

    it('comes when its lease is over', async () => {
      const { chargeId, orderId } = await claimed()
      t.clock.advance(minutes(2) + 1)
      await t.settle()
      expect(await eventOf(chargeId)).to.include({ status: 'processed', attempts: 2 })
      expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
    })

    it('comes by the same hand-over, that is given out again', async () => {
      const { chargeId, eventId } = await claimed()
      const [first] = (await t.services.outbox.claim(ROOM)).due
      expect(first?.topic).to.equal('webhook_received')
      await expectBusy(eventId)
      t.clock.advance(minutes(2) + 1)
      await t.settle()
      expect(await eventOf(chargeId)).to.include({ status: 'processed' })
    })

    async function expectBusy(eventId: string): Promise<void> {
      const refusal = await t.services.webhooks.process(eventId).catch(error => error)
      expect(refusal).to.have.property('code', 'webhooks.in_progress')
    }
  })

  it('that nobody is to work on any more is found, and comes by a retry', async () => {
    const { chargeId, orderId } = await aPaidCharge()
    const { id } = await eventOf(chargeId)
    const left = () => t.services.webhooks.stuck('left', { max: 1000 })
    expect(await left()).to.not.include(id)
    // its job was given up for a fault that had nothing to do with it
    await t.db('outbox').whereRaw("payload ->> 'eventId' = ?", [id]).update({ failed_at: new Date() })
    expect(await left()).to.include(id)
    await Promise.all([1, 2, 3].map(() => t.services.webhooks.retry(id, operator)))
    const jobs = await t.db('outbox').whereRaw("payload ->> 'eventId' = ?", [id]).whereNull('failed_at')
    expect(jobs).to.have.length(1)
    await t.settle()
    expect(await eventOf(chargeId)).to.include({ status: 'processed', outcome: 'applied' })
    expect(await statusOf(t, 'orders', { id: orderId })).to.equal('PAID')
  })

  it('answers fifty deliveries of fifty charges at once', async () => {
    const answers = await atOnce(50, index => deliver(t, aCharge({ id: `chg_many_${index}` })))
    expect(tally(answers)).to.deep.equal({ 200: 50 })
    await t.db('outbox').whereNull('done_at').update({ done_at: new Date() })
  })
})

describe('how often an event is tried', () => {
  const t = useContext({ env: { WEBHOOK_RETRIES: '0' } })
  afterEach(() => t.sandbox.control.faults.clear())

  it('is for the operator to say: once, and then it is told to people', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { chargeId } = await pay(t, checkout.id)
    t.sandbox.control.faults.add({ kind: 'status', status: 500, on: 'charge.get', times: 3 })
    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    const event = await t.db('webhook_events').where({ object_id: chargeId }).first()
    expect(event).to.include({ status: 'dead', attempts: 1 })
    const alert = await t
      .db('alerts')
      .where({ key: `webhook_dead:${event.id}` })
      .first()
    expect(alert.summary).to.include('given up after one try')
  })
})

describe('an event while its provider is left alone', () => {
  // three failures in a row, and nobody asks again for longer than this takes
  const t = useContext({ patience: { failures: 3, restMs: minutes(10) } })

  it('keeps its tries, with its first one too, and is looked at again', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const { id, chargeId } = await pay(t, checkout.id)
    const gateway = t.services.payments.gateway('tap')
    t.sandbox.control.faults.add({ kind: 'status', status: 500, on: 'charge.get', times: 3 })
    const handle = (await t.services.payments.named('tap', { objectId: chargeId, reference: null }))?.handle
    await gateway.getPayment(handle as never).catch(() => undefined)

    t.sandbox.control.payments.approve(chargeId)
    await t.settle()
    const event = await t.db('webhook_events').where({ object_id: chargeId }).first()
    expect(event).to.include({ status: 'failed', attempts: 0, locked_until: null })
    const [tried] = await t.services.webhooks.attemptsOf(event.id)
    expect(tried).to.include({ number: 1, outcome: 'postponed' })
    expect(event.next_attempt_at.getTime() - t.clock.now().getTime()).to.be.within(minutes(4), minutes(6))

    // five more of such looks use up none of its tries
    for (let look = 0; look < 5; look++) {
      t.clock.advance(minutes(6))
      await t.settle()
    }
    expect(await t.db('webhook_events').where({ id: event.id }).first()).to.include({
      status: 'failed',
      attempts: 0,
    })
    expect(await statusOf(t, 'payments', { id })).to.equal('INITIATED')
    t.clock.reset()
  })
})
