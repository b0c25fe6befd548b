import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { days, minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { askToPay, atOnce, order, tally } from '../support/ordering.js'
import { ADDRESS, place, stockOf } from '../support/shopping.js'

describe('a repeated request', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())

  /** A listing, a key, and the request that goes with them. */
  async function aRequest(stock = 10) {
    const { id } = await t.accounts.listing({ stock })
    const key = randomUUID()
    return {
      listingId: id,
      key,
      send: (quantity = 1, under = key) => order(t, [{ listingId: id, quantity }], 'buyer', under),
    }
  }
  const storedUnder = (key: string) => t.db('idempotency_keys').where({ key })

  describe('needs its key', () => {
    for (const path of ['/api/v1/orders', '/api/v1/payments']) {
      it(`on POST ${path}`, async () => {
        const listing = await t.accounts.listing()
        const body = path.endsWith('orders')
          ? { lines: [{ listingId: listing.id, quantity: 1 }], deliveryAddress: ADDRESS }
          : { checkoutId: (await place(t, [{ listingId: listing.id, quantity: 1 }])).id }
        const send = (headers: Record<string, string>) => t.post(path, { as: 'buyer', body, headers })
        const missing = await send({})
        expect(missing.status).to.equal(400)
        expect(missing.body.code).to.equal('idempotency.key_missing')
        for (const key of ['a b', '""', 'x'.repeat(256)]) {
          const malformed = await send({ 'idempotency-key': key })
          expect(malformed.status, key).to.equal(400)
          expect(malformed.body.code).to.equal('idempotency.key_malformed')
        }
      })
    }
  })

  it('needs its key to cancel too: that sends money back and puts parts on sale again', async () => {
    const { id: listingId } = await t.accounts.listing({ stock: 10 })
    const { orders } = await place(t, [{ listingId, quantity: 1 }])
    const path = `/api/v1/orders/${orders[0]?.id}/cancel`
    expect((await t.post(path, { as: 'buyer' })).body.code).to.equal('idempotency.key_missing')
    const answers = await atOnce(5, () => t.post(path, { as: 'buyer', key: 'once' }))
    expect(tally(answers)).to.satisfy((counts: Record<number, number>) => (counts[200] ?? 0) >= 1)
    expect((await t.post(path, { as: 'buyer', key: 'once' })).headers.get('idempotency-replayed')).to.equal(
      'true',
    )
    expect(await stockOf(t, listingId)).to.equal(10)
  })

  it('gets the first answer again, to the letter, and says so', async () => {
    const { send, listingId } = await aRequest()
    const first = await send()
    const second = await send()
    expect([first.status, second.status]).to.deep.equal([201, 201])
    expect(second.text).to.equal(first.text)
    expect(second.headers.get('content-type')).to.equal(first.headers.get('content-type'))
    expect(first.headers.get('idempotency-replayed')).to.equal(null)
    expect(second.headers.get('idempotency-replayed')).to.equal('true')
    expect(await stockOf(t, listingId)).to.equal(9)
  })

  it('is the same with the key in quotes, and with the members in another order', async () => {
    const { send, key, listingId } = await aRequest()
    const first = await send()
    const quoted = await send(1, `"${key}"`)
    expect(quoted.text).to.equal(first.text)
    const { recipient, ...rest } = ADDRESS
    const turned = await t.post('/api/v1/orders', {
      as: 'buyer',
      key,
      body: { deliveryAddress: { ...rest, recipient }, lines: [{ quantity: 1, listingId }] },
    })
    expect(turned.text).to.equal(first.text)
    expect(await stockOf(t, listingId)).to.equal(9)
  })

  it('is refused when it asks for something else', async () => {
    const { send, listingId } = await aRequest()
    await send(1)
    const other = await send(2)
    expect(other.status).to.equal(422)
    expect(other.body.code).to.equal('idempotency.key_reused')
    expect(await stockOf(t, listingId)).to.equal(9)
  })

  it('is another request for another user, and on another route', async () => {
    const { listingId, key } = await aRequest()
    const mine = await order(t, [{ listingId, quantity: 1 }], 'buyer', key)
    const theirs = await order(t, [{ listingId, quantity: 1 }], 'buyer:2', key)
    expect([mine.status, theirs.status]).to.deep.equal([201, 201])
    expect(theirs.body.id).not.to.equal(mine.body.id)
    const payment = await askToPay(t, { checkoutId: mine.body.id }, 'buyer', key)
    expect(payment.status).to.equal(201)
    expect(payment.headers.get('idempotency-replayed')).to.equal(null)
  })

  it('has one effect, sent fifty times at once', async () => {
    const { send, listingId, key } = await aRequest()
    const answers = await atOnce(50, () => send())
    const counts = tally(answers)
    expect(Object.keys(counts).every(status => status === '201' || status === '409')).to.equal(true)
    const accepted = answers.filter(({ status }) => status === 201)
    expect(new Set(accepted.map(({ body }) => body.id)).size).to.equal(1)
    for (const { body } of answers.filter(({ status }) => status === 409))
      expect(body.code).to.equal('idempotency.in_progress')
    expect(await stockOf(t, listingId)).to.equal(9)
    expect(await storedUnder(key)).to.have.length(1)
    expect((await send()).body.id).to.equal(accepted[0]?.body.id)
  })

  it('gets the first refusal again, though it would succeed by now', async () => {
    const { send, listingId } = await aRequest(1)
    const first = await send(2)
    expect(first.body.code).to.equal('listings.insufficient_stock')
    await t.owner('listings').where({ id: listingId }).update({ stock: 5 })
    const second = await send(2)
    expect(second.status).to.equal(409)
    expect(second.body).to.deep.equal(first.body)
    expect(second.headers.get('content-type')).to.match(/^application\/problem\+json/)
    expect(second.headers.get('idempotency-replayed')).to.equal('true')
    expect((await send(2, randomUUID())).status).to.equal(201)
  })

  it('may be put right after it was refused as invalid', async () => {
    const { send, key } = await aRequest()
    expect((await send(0)).status).to.equal(422)
    expect(await storedUnder(key)).to.be.empty
    expect((await send(1)).status).to.equal(201)
  })

  it('may be put right after a rule found it invalid', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const key = randomUUID()
    const refused = await askToPay(t, { checkoutId: checkout.id, provider: 'nobody' }, 'buyer', key)
    expect(refused.status).to.equal(422)
    expect(refused.body.code).to.equal('payments.method_not_offered')
    expect((await askToPay(t, { checkoutId: checkout.id }, 'buyer', key)).status).to.equal(201)
  })

  describe('after a crash', () => {
    it('before the answer was kept finds the order that was placed', async () => {
      const { send, key, listingId } = await aRequest()
      const first = await send()
      await storedUnder(key).update({ status: null, body: null, locked_until: t.clock.now() })
      t.clock.advance(1)
      const second = await send()
      expect(second.status).to.equal(201)
      expect(second.body).to.deep.equal(first.body)
      expect(second.headers.get('idempotency-replayed')).to.equal(null)
      expect(await stockOf(t, listingId)).to.equal(9)
      expect((await send()).headers.get('idempotency-replayed')).to.equal('true')
    })

    it('waits until the first one can no longer be running', async () => {
      const { send, key } = await aRequest()
      const first = await send()
      await storedUnder(key).update({ status: null, body: null })
      const early = await send()
      expect(early.status).to.equal(409)
      expect(early.body.code).to.equal('idempotency.in_progress')
      t.clock.advance(minutes(1) + 1)
      expect((await send()).body.id).to.equal(first.body.id)
    })

    it('is taken up by one of many', async () => {
      const { send, key, listingId } = await aRequest()
      const { body: first } = await send()
      await storedUnder(key).update({ status: null, body: null, locked_until: new Date(0) })
      const answers = await atOnce(20, () => send())
      for (const { status, body } of answers)
        expect([status, body.id ?? body.code]).to.be.deep.oneOf([
          [201, first.id],
          [409, 'idempotency.in_progress'],
        ])
      expect(tally(answers)[201]).to.be.above(0)
      expect(await stockOf(t, listingId)).to.equal(9)
    })

    it('cannot be overtaken by a first run that was only slow', async () => {
      const { id } = await t.accounts.account('buyer')
      const key = randomUUID()
      const claim = () => t.services.idempotency.claim(id, 'test', key, Buffer.from('the same'))
      const slow = await claim()
      t.clock.advance(minutes(1) + 1)
      const second = await claim()
      expect(second.id).to.equal(slow.id)
      await t.services.idempotency.release(slow)
      await t.services.idempotency.leave(slow)
      await t.services.idempotency.keep(slow, { status: 409, body: 'too late' })
      await t.services.idempotency.keep(second, { status: 201, body: 'done' })
      expect((await claim()).answer).to.deep.equal({ status: 201, body: 'done' })
    })
  })

  it('is kept for a day at least, and forgotten after', async () => {
    const { key, listingId, send } = await aRequest()
    await send()
    t.clock.advance(days(1) - minutes(1))
    await t.services.idempotency.forgetExpired()
    expect(await storedUnder(key)).to.have.length(1)
    t.clock.advance(minutes(2))
    await t.services.idempotency.forgetExpired()
    expect(await storedUnder(key)).to.be.empty
    t.clock.reset()
    expect((await send()).status).to.equal(201)
    expect(await stockOf(t, listingId)).to.equal(8)
  })

  it('is over after its day, whether it was tidied away or not', async () => {
    const { key, listingId, send } = await aRequest()
    await send()
    await storedUnder(key).update({ expires_at: new Date(0) })
    // another request altogether: the key is as good as new
    expect((await send(2)).status).to.equal(201)
    expect(await stockOf(t, listingId)).to.equal(7)
    expect((await send(2)).headers.get('idempotency-replayed')).to.equal('true')
    expect(await stockOf(t, listingId)).to.equal(7)
  })

  it('gets the failure of a bug again, and not the work a second time', async () => {
    const { send, listingId } = await aRequest()
    await t.owner.raw('alter table order_items rename to order_items_away')
    const first = await send()
    await t.owner.raw('alter table order_items_away rename to order_items')
    expect(first.status).to.equal(500)
    const again = await send()
    expect(again.status).to.equal(500)
    expect(again.headers.get('idempotency-replayed')).to.equal('true')
    expect(await stockOf(t, listingId)).to.equal(10)
  })
})
