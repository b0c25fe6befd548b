import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { askToPay, atOnce, tally } from '../support/ordering.js'
import { place, statusOf } from '../support/shopping.js'

describe('asking for a payment page again', () => {
  const t = useContext()
  let checkoutId: string
  beforeEach(async () => {
    await t.sandbox.control.reset()
    const listing = await t.accounts.listing()
    checkoutId = (await place(t, [{ listingId: listing.id, quantity: 1 }])).id
  })
  const ask = (key: string) => askToPay(t, { checkoutId }, 'buyer', key)
  const charges = () => t.sandbox.control.payments.list()
  const payments = () => t.db('payments').where({ checkout_id: checkoutId })

  for (const fault of [
    { kind: 'drop', when: 'after' },
    { kind: 'drop', when: 'before' },
    { kind: 'garble' },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429 },
  ] as const) {
    const name = Object.values(fault).join(' ')
    it(`gets through one ${name} unnoticed, and charges once`, async () => {
      t.sandbox.control.faults.add({ ...fault, on: 'charge.create' })
      expect((await ask(randomUUID())).status).to.equal(201)
      expect(charges()).to.have.length(1)
    })

    it(`goes on where a provider that was away (${name}) left it, and charges once`, async () => {
      const key = randomUUID()
      t.sandbox.control.faults.add({ ...fault, on: 'charge.create', times: 3 })
      const away = await ask(key)
      expect(away.status).to.equal(503)
      expect(away.body.code).to.equal('provider.unavailable')
      expect(away.headers.get('retry-after')).to.equal('2')
      const [begun] = await payments()
      expect(begun).to.include({ status: 'INITIATED', external_id: null })

      const back = await ask(key)
      expect(back.status, back.text).to.equal(201)
      expect(back.body.id).to.equal(begun.id)
      expect(back.headers.get('idempotency-replayed')).to.equal(null)
      expect(await payments()).to.have.length(1)
      expect(charges()).to.have.length(1)
      expect((await ask(key)).text).to.equal(back.text)
    })
  }

  it('goes on under a new key too: a page nobody was given keeps nobody from paying', async () => {
    t.sandbox.control.faults.add({ kind: 'drop', on: 'charge.create', times: 3 })
    expect((await ask(randomUUID())).status).to.equal(503)
    const answer = await ask(randomUUID())
    expect(answer.status, answer.text).to.equal(201)
    expect(answer.body.redirectUrl).to.equal(charges()[0]?.transaction.url)
    expect(charges()).to.have.length(1)
  })

  it('after a crash behind the provider finds the charge', async () => {
    const key = randomUUID()
    const first = await ask(key)
    await t.db('payments').where({ id: first.body.id }).update({ external_id: null, redirect_url: null })
    await t
      .db('idempotency_keys')
      .where({ key })
      .update({ status: null, locked_until: new Date(0) })
    const second = await ask(key)
    expect(second.body).to.deep.equal(first.body)
    expect(charges()).to.have.length(1)
  })

  it('opens one page, asked for with one key twenty times at once', async () => {
    const key = randomUUID()
    const answers = await atOnce(20, () => ask(key))
    const paid = answers.filter(({ status }) => status === 201)
    expect(paid.length + (tally(answers)[409] ?? 0)).to.equal(20)
    expect(new Set(paid.map(({ body }) => body.id)).size).to.equal(1)
    expect(charges()).to.have.length(1)
  })

  it('opens one page, asked for with twenty keys at once', async () => {
    const answers = await atOnce(20, () => ask(randomUUID()))
    const paid = answers.filter(({ status }) => status === 201)
    expect(paid.length + (tally(answers)[409] ?? 0), JSON.stringify(tally(answers))).to.equal(20)
    expect(new Set(paid.map(({ body }) => body.id)).size).to.equal(1)
    expect(await payments()).to.have.length(1)
    expect(charges()).to.have.length(1)
  })

  it('gets the refusal of the provider again, and another try needs another key', async () => {
    const key = randomUUID()
    t.sandbox.control.faults.add({ kind: 'status', status: 400, on: 'charge.create' })
    const refused = await ask(key)
    expect(refused.status).to.equal(409)
    expect(refused.body).to.include({ code: 'payments.refused_by_provider', provider: 'tap' })
    expect((await ask(key)).body).to.deep.equal(refused.body)
    expect(await statusOf(t, 'payments', { checkout_id: checkoutId })).to.equal('FAILED')
    expect((await ask(randomUUID())).status).to.equal(201)
  })
})
