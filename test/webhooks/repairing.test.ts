import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { buy, pay, place, statusOf } from '../support/shopping.js'
import { aCharge, deliver, signature, signedText } from '../support/tap-delivery.js'

const operator = { kind: 'operator', name: 'mona' } as const
const ALL = { max: 1000 }

describe('an operator and many events', () => {
  const t = useContext()
  afterEach(() => {
    t.sandbox.control.faults.clear()
    t.clock.reset()
  })
  const lines = async () => [{ listingId: (await t.accounts.listing({ stock: 9 })).id, quantity: 1 }]
  const eventOf = (objectId: string) => t.db('webhook_events').where({ object_id: objectId }).first()

  /** Paid at the provider while it does not answer our questions: its event fails so many times. */
  async function failing(times: number) {
    const checkout = await place(t, await lines())
    const payment = await pay(t, checkout.id)
    t.sandbox.control.faults.add({ kind: 'status', status: 500, on: 'charge.get', times: 3 * times })
    t.sandbox.control.payments.approve(payment.chargeId)
    await t.settle()
    for (let tried = 1; tried < times; tried++) {
      t.clock.advance(minutes(8 * 60))
      await t.settle()
    }
    t.clock.reset()
    return { ...payment, event: await eventOf(payment.chargeId) }
  }

  it('is told of one that is given up, with every try it had; its retry ends the alert', async () => {
    const { id, event, chargeId } = await failing(4)
    expect(event).to.include({ status: 'dead', attempts: 4 })
    const tries = await t.services.webhooks.attemptsOf(event.id)
    expect(tries.map(tried => [tried.number, tried.cause, tried.outcome])).to.deep.equal([
      [1, 'delivery', 'failed'],
      [2, 'delivery', 'failed'],
      [3, 'delivery', 'failed'],
      [4, 'delivery', 'dead'],
    ])
    expect(tries[0]?.error).to.include('did not answer')
    const alert = () =>
      t
        .db('alerts')
        .where({ key: `webhook_dead:${event.id}` })
        .first()
    expect(await alert()).to.include({ kind: 'webhook_dead', ended_at: null })

    expect(await t.services.webhooks.stuck('dead', ALL)).to.include(event.id)
    expect((await t.services.webhooks.retry(event.id, operator)).status).to.equal('received')
    await t.settle()
    expect(await eventOf(chargeId)).to.include({ status: 'processed', outcome: 'applied' })
    expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
    // by the clock of this test the retry comes before the last tries
    const again = (await t.services.webhooks.attemptsOf(event.id)).find(tried => tried.cause === 'retry')
    expect(again).to.include({ outcome: 'applied' })
    expect((await alert()).ended_at).to.not.equal(null)
  })

  it('retries all of a state, twice at once, with one effect each', async () => {
    const broken = [await failing(1), await failing(1), await failing(1)]
    const ids = await t.services.webhooks.stuck('failed', ALL)
    expect(ids).to.include.members(broken.map(({ event }) => event.id))
    await Promise.all([...ids, ...ids].map(id => t.services.webhooks.retry(id, operator)))
    await t.settle()
    for (const { id } of broken) {
      expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
      const booked = { action: 'payment_completed', object_id: id }
      expect(await t.owner('audit_log').where(booked)).to.have.length(1)
    }
    expect(await t.services.webhooks.stuck('failed', ALL)).to.be.empty
  })

  it('puts an event that twenty retry at once back to work once', async () => {
    const { event } = await failing(1)
    const retry = () => t.services.webhooks.retry(event.id, operator)
    await Promise.all(Array.from({ length: 20 }, retry))
    const work = t.db('outbox').where({ topic: 'webhook_received' })
    expect(await work.whereRaw('payload @> ?', [{ eventId: event.id, cause: 'retry' }])).to.have.length(1)
    const audited = { action: 'webhook_retried', object_id: event.id }
    expect(await t.owner('audit_log').where(audited)).to.have.length(1)
    await t.settle()
  })

  it('means a time, a provider and a number only', async () => {
    const { event } = await failing(1)
    const found = (range: object) => t.services.webhooks.stuck('failed', { ...ALL, ...range })
    expect(await found({ since: event.received_at })).to.include(event.id)
    expect(await found({ until: event.received_at })).to.not.include(event.id)
    expect(await found({ provider: 'hyperpay' })).to.be.empty
    await t.services.webhooks.retry(event.id, operator)
    await t.settle()
  })

  it('runs what had its effect again, and nothing happens twice', async () => {
    const { orderId, payment } = await buy(t, await lines())
    const event = await eventOf(payment.chargeId)
    const books = async () => ({
      payment: await t.db('payments').where({ id: payment.id }).first(),
      order: await t.db('orders').where({ id: orderId }).first(),
      audited: await t.owner('audit_log').where({ order_id: orderId }).count(),
      invoices: await t.db('invoices').where({ order_id: orderId }),
      told: await t.db('notifications').whereRaw("data ->> 'orderId' = ?", [orderId]).count(),
      refunds: await t.db('refunds').where({ order_id: orderId }),
    })
    const before = await books()
    expect(await t.services.webhooks.processedIn(ALL)).to.include(event.id)
    const runs = await Promise.all(Array.from({ length: 3 }, () => t.services.webhooks.replay(event.id)))
    expect(runs.map(run => run.outcome)).to.deep.equal(Array(3).fill('ignored_stale'))
    await t.settle()
    expect(await books()).to.deep.equal(before)
    expect(await eventOf(payment.chargeId)).to.include({ status: 'processed', outcome: 'applied' })
    const causes = (await t.services.webhooks.attemptsOf(event.id)).map(tried => tried.cause)
    expect(causes).to.deep.equal(['delivery', 'replay', 'replay', 'replay'])
  })

  it('makes good by that what was missed', async () => {
    const checkout = await place(t, await lines())
    const { id, chargeId } = await pay(t, checkout.id)
    // an event that had no effect, as if a fault of ours had lost it
    await deliver(t, aCharge({ id: chargeId, status: 'INITIATED' }))
    await t.settle()
    const event = await eventOf(chargeId)
    expect(event).to.include({ status: 'processed', outcome: 'ignored_stale' })
    t.sandbox.control.webhooks.hold()
    t.sandbox.control.payments.approve(chargeId)
    t.sandbox.control.webhooks.discard()
    t.sandbox.control.webhooks.release()
    expect((await t.services.webhooks.replay(event.id)).outcome).to.equal('applied')
    await t.settle()
    expect(await statusOf(t, 'payments', { id })).to.equal('CAPTURED')
    expect(await t.db('webhook_events').where({ id: event.id }).first()).to.include({ outcome: 'applied' })
  })

  it('leaves alone what is still to have its effect', async () => {
    const { event } = await failing(1)
    expect((await t.services.webhooks.replay(event.id)).outcome).to.equal('left_failed')
    await t.services.webhooks.retry(event.id, operator)
    await t.settle()
  })

  describe('checks a delivery', () => {
    const charge = aCharge({ id: 'chg_verify' })
    const raw = () => Buffer.from(JSON.stringify(charge))
    const sign = () => signature(signedText(charge), t.env.TAP_SECRET_KEY as string)
    const tap = (body: Buffer, hashstring: string) =>
      t.services.webhooks.verify('tap', body, name => (name === 'hashstring' ? hashstring : ''))
    const failed = ({ checks }: { checks: { check: string; passed: boolean }[] }) =>
      checks.filter(({ passed }) => !passed).map(({ check }) => check)

    it('that is good: all pass, and it says whether the event is here', async () => {
      const before = await tap(raw(), sign())
      expect([before.isGenuine, before.storedAs]).to.deep.equal([true, undefined])
      await deliver(t, charge)
      expect((await tap(raw(), sign())).storedAs).to.be.a('string')
    })

    it('that is not: and says which check failed', async () => {
      const cases: [Buffer, string, RegExp][] = [
        [raw(), '', /64 lower-case/],
        [raw(), sign().toUpperCase(), /64 lower-case/],
        [Buffer.from('nonsense'), sign(), /JSON object/],
        [Buffer.from('{"id":"chg_1"}'), sign(), /id and a status/],
        [Buffer.from('{"id":"chg_1","status":"CAPTURED","amount":1}'), sign(), /every signed field/],
        [Buffer.from(JSON.stringify({ ...charge, amount: 1 })), sign(), /HMAC-SHA256/],
      ]
      for (const [body, header, expected] of cases) {
        const verified = await tap(body, header)
        expect(verified.isGenuine).to.equal(false)
        expect(failed(verified), String(expected)).to.have.length(1)
        expect(failed(verified)[0]).to.match(expected)
      }
    })

    it('of HyperPay too', async () => {
      const { headers, body } = await t.services.webhooks.sample('hyperpay', 'payment.captured', undefined)
      const verify = (over: Record<string, string>, bytes = body) =>
        t.services.webhooks.verify(
          'hyperpay',
          Buffer.from(bytes),
          name => ({ ...headers, ...over })[name] ?? '',
        )
      expect((await verify({})).isGenuine).to.equal(true)
      expect(failed(await verify({ 'x-authentication-tag': '00' }))[0]).to.match(/^X-Authentication-Tag/)
      expect(failed(await verify({}, 'xx'))[0]).to.match(/hexadecimal digits, two a byte/)
      expect(failed(await verify({ 'x-initialization-vector': '0'.repeat(24) }))[0]).to.match(/decrypts/)
    })
  })

  for (const provider of ['tap', 'hyperpay'])
    it(`makes up deliveries of ${provider} that are proven, and change nothing the provider does not say`, async () => {
      const checkout = await place(t, await lines())
      const { id } = await pay(t, checkout.id, 'buyer', { provider })
      for (const name of t.services.webhooks.sampleNames(provider)) {
        const { headers, body } = await t.services.webhooks.sample(provider, name, id)
        const answer = await t.post(`/api/v1/webhooks/${provider}`, { raw: body, headers })
        expect(answer.status, name).to.equal(200)
      }
      await t.settle()
      expect(await statusOf(t, 'payments', { id })).to.equal('INITIATED')
      expect(await statusOf(t, 'orders', { checkout_id: checkout.id })).to.equal('PENDING')
    })
})
