import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { countersOf, DOCUMENTED, limitIn } from '../support/limits.js'
import { askToPay } from '../support/ordering.js'
import { place } from '../support/shopping.js'

describe('the limit on payments', () => {
  const t = useContext({ env: DOCUMENTED })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  after(() => counters.close())
  let checkoutId: string
  let buyer: `buyer:${string}`
  let serial = 0
  beforeEach(async () => {
    await t.sandbox.control.reset()
    buyer = `buyer:paying-${++serial}`
    const listing = await t.accounts.listing()
    checkoutId = (await place(t, [{ listingId: listing.id, quantity: 1 }], buyer)).id
  })
  const ask = (key: string = randomUUID(), as = buyer) => askToPay(t, { checkoutId }, as, key)

  it('is two a minute for each buyer', async () => {
    expect(limitIn(await ask())).to.include({ limit: 2, remaining: 1 })
    expect((await ask()).status).to.equal(409)
    const refused = await ask()
    expect(refused.body).to.include({ code: 'limits.exceeded', limit: 'payments:create' })
    expect(limitIn(refused).retryAfter).to.be.within(50, 60)
    expect((await ask(randomUUID(), 'buyer:another')).status).to.not.equal(429)
  })

  // fault 24
  it('does not count a repeat under the same key', async () => {
    const key = randomUUID()
    const first = await ask(key)
    expect(first.status, first.text).to.equal(201)
    for (let at = 0; at < 6; at++) {
      const again = await ask(key)
      expect(again.text).to.equal(first.text)
      expect(again.headers.get('idempotency-replayed')).to.equal('true')
    }
    expect(await counters.sizes('payments:create')).to.include(1)
    expect((await ask()).status).to.equal(409)
  })

  it('does not count attempts that the provider did not answer, whatever their keys', async () => {
    t.sandbox.control.faults.add({ kind: 'status', status: 503, on: 'charge.create', times: 9 })
    for (let at = 0; at < 3; at++) expect((await ask()).status).to.equal(503)
    await t.sandbox.control.reset()
    const answer = await ask()
    expect(answer.status, answer.text).to.equal(201)
    expect(limitIn(answer).remaining).to.equal(1)
  })

  it('keeps the key of who was refused: the same request goes on when there is room', async () => {
    await ask()
    await ask()
    const key = randomUUID()
    expect((await ask(key)).status).to.equal(429)
    expect(await t.db('idempotency_keys').where({ key }).whereNotNull('status')).to.be.empty
  })

  it('is exact when many are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask()))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter(status => status !== 429)).to.have.length(2)
    expect(statuses.filter(status => status === 201)).to.have.length.within(1, 2)
  })
})
