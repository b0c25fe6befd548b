import { expect } from 'chai'
import { useShop } from './tap-shop.js'

describe('sandbox: faults', () => {
  const shop = useShop()
  const failure = async (promise: Promise<unknown>): Promise<boolean> =>
    promise.then(
      () => false,
      () => true,
    )

  it('fails the next calls and does nothing', async () => {
    shop.control.faults.add({ kind: 'status', status: 503, times: 2, on: 'charge.create' })
    const statuses: number[] = []
    for (let count = 0; count < 3; count++)
      statuses.push((await shop.call('POST', '/charges/', shop.aCharge())).status)
    expect(statuses).to.deep.equal([503, 503, 200])
    expect(shop.control.payments.list()).to.have.length(1)
    expect(shop.control.faults.list()).to.deep.equal([])
  })

  it('spoils only the call it is put on', async () => {
    shop.control.faults.add({ kind: 'status', status: 500, on: 'refund.create' })
    expect((await shop.call('POST', '/charges/', shop.aCharge())).status).to.equal(200)
  })

  it('does the work and drops the connection', async () => {
    shop.control.faults.add({ kind: 'drop', on: 'charge.create' })
    const reference = { idempotent: 'order-9' }
    expect(await failure(shop.charge({ reference }))).to.equal(true)
    const [made] = shop.control.payments.list()
    expect((await shop.charge({ reference })).id).to.equal(made?.id)
    expect(shop.control.payments.list()).to.have.length(1)
  })

  it('drops the connection before the work', async () => {
    shop.control.faults.add({ kind: 'drop', when: 'before' })
    expect(await failure(shop.charge())).to.equal(true)
    expect(shop.control.payments.list()).to.deep.equal([])
  })

  it('garbles the answer', async () => {
    shop.control.faults.add({ kind: 'garble' })
    const { status, text } = await shop.call('POST', '/charges/', shop.aCharge())
    expect(status).to.equal(200)
    expect(text).to.match(/^{"id":"chg_/)
    expect(() => JSON.parse(text)).to.throw()
  })

  it('stalls longer than the caller waits, with the work done', async () => {
    shop.control.faults.add({ kind: 'stall', milliseconds: 60_000 })
    const waiting = fetch(`${shop.sandbox.tapApiUrl}/charges/`, {
      method: 'POST',
      headers: { authorization: 'Bearer tap_test_secret_key_0001' },
      body: JSON.stringify(shop.aCharge()),
      signal: AbortSignal.timeout(200),
    })
    expect(await failure(waiting)).to.equal(true)
    expect(shop.control.payments.list()).to.have.length(1)
  })

  it('shows another amount than the truth, to readers only', async () => {
    const { id } = await shop.charge()
    shop.control.show(id, { amount: 1, reference: { order: 'CP-2' } })
    const { body } = await shop.call('GET', `/charges/${id}`)
    expect(body).to.include({ amount: 1, currency: 'SAR' })
    expect(body.reference).to.include({ order: 'CP-2' }).and.to.have.property('track')
    shop.control.payments.approve(id)
    await shop.control.webhooks.idle()
    expect(shop.hooks[0]?.object.amount).to.equal(115)
    shop.control.showTruth(id)
    expect((await shop.call('GET', `/charges/${id}`)).body.amount).to.equal(115)
  })

  it('refuses to decide with a code that does not exist, or without a payment', async () => {
    const { id } = await shop.charge()
    expect(() => shop.control.payments.decline(id, '999')).to.throw('not a response code')
    expect(() => shop.control.payments.decline(id, 'constructor')).to.throw('not a response code')
    expect(() => shop.control.payments.approve('chg_none')).to.throw('chg_none')
  })
})
