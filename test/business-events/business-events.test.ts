import { expect } from 'chai'
import { dayInRiyadh, seconds } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import { useContext } from '../support/context.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { buy } from '../support/shopping.js'
import { type Firm, verifying } from '../support/verifying.js'

const BEGUN = seconds(6)

describe('business events', function () {
  this.timeout(30_000)
  const t = useContext()
  const settle = async () => {
    await t.settle()
    t.clock.advance(BEGUN)
    await t.settle()
  }
  let registered: number
  const counts = async () =>
    Object.fromEntries(
      (await t.get('/api/v1/business-events', { as: 'officer' })).body.items.map(
        ({ event, count }: { event: string; count: number }) => [event, count],
      ),
    )

  before(async () => {
    const listing = await t.accounts.listing()
    await buy(t, [{ listingId: listing.id, quantity: 2 }])
    await verifying(t).selling('seller:verified')
    registered = (await t.db('users').pluck('id')).length
    await settle()
  })

  it('are the five, counted by day in Riyadh, for the back office to see', async () => {
    expect(await counts()).to.deep.equal({
      user_registered: registered,
      seller_onboarded: 1,
      listing_created: 1,
      order_created: 1,
      payment_completed: 1,
    })
    const { items } = (await t.get('/api/v1/business-events', { as: 'finance' })).body
    expect(new Set(items.map(({ day }: { day: string }) => day))).to.deep.equal(
      new Set([dayInRiyadh(t.clock.now())]),
    )
    expect((await t.get('/api/v1/business-events', { as: 'seller' })).status).to.equal(403)
    const asked = (query: string) => t.get(`/api/v1/business-events?${query}`, { as: 'officer' })
    expect((await asked('from=2026-01-02&to=2026-01-01')).body.errors[0].pointer).to.equal('?from')
    expect((await asked('from=2020-01-01&to=2026-01-01')).status).to.equal(422)
    expect((await asked('from=2026-02-30')).status).to.equal(422)
    expect((await asked('from=2020-01-01&to=2020-01-31')).body.items).to.deep.equal([])
  })

  it('are logged, once each, with ids only', async () => {
    const lines = t.log.lines.filter(({ event }) => event === 'business_event')
    expect(lines.map(({ fields }) => fields.name)).to.include.members([
      ...['order_created', 'payment_completed', 'user_registered', 'seller_onboarded', 'listing_created'],
    ])
    const { email } = await t.accounts.account('buyer')
    expect(JSON.stringify(lines)).to.not.include(email)
  })

  it('that come again are not counted again', async () => {
    const before = await counts()
    const happening = {
      ...{ event: 'order_created', objectType: 'order', objectId: newId(), count: 1 },
      at: t.clock.now().toISOString(),
    }
    const id = newId()
    await Promise.all([1, 2, 3].map(() => t.services.businessEvents.handle(happening, id)))
    await t.services.businessEvents.handle(happening, id)
    expect((await counts()).order_created).to.equal(before.order_created + 1)
  })

  it('of a deed that was undone are none', async () => {
    const before = (await t.db('outbox').where({ topic: 'business_event' })).length
    await t.db
      .transaction(async trx => {
        await t.services.audit.record(trx, { kind: 'system', name: 'test' }, 'order_created', {
          ...{ type: 'order', id: newId() },
        })
        throw new Error('no')
      })
      .catch(() => undefined)
    expect(await t.db('outbox').where({ topic: 'business_event' })).to.have.length(before)
  })

  it('of a file of listings are as many as it created', async () => {
    const before = await counts()
    await t.db.transaction(trx =>
      t.services.audit.record(
        trx,
        { kind: 'system', name: 'test' },
        'listings_imported',
        { type: 'seller', id: newId() },
        { created: 40, updated: 2 },
      ),
    )
    await t.db.transaction(trx =>
      t.services.audit.record(
        trx,
        { kind: 'system', name: 'test' },
        'listings_imported',
        { type: 'seller', id: newId() },
        { created: 0, updated: 9 },
      ),
    )
    await settle()
    expect((await counts()).listing_created).to.equal(before.listing_created + 40)
  })

  it('go nowhere without a token', () => {
    expect(t.sandbox.control.mixpanel.requests()).to.equal(0)
  })
})

describe('business events for Mixpanel', function () {
  this.timeout(30_000)
  const t = useContext()
  let told: SecondApi
  let verified: Firm
  const token = 'a-project-token-of-tests'

  before(async () => {
    const sandbox = t.sandbox.mixpanelUrl
    told = await startSecondApi({ ...t.env, MIXPANEL_TOKEN: token, MIXPANEL_API_URL: sandbox })
    const listing = await t.accounts.listing()
    await buy(t, [{ listingId: listing.id, quantity: 2 }])
    verified = (await verifying(t).selling('seller:verified')).firm
  })
  after(() => told?.close())

  type Row = { id: string; payload: { event: string } }
  const rows = async (): Promise<Row[]> =>
    t.db('outbox').where({ topic: 'business_event' }).select('id', 'payload')
  const pass = (row: Row) => told.context.services.businessEvents.handle(row.payload as never, row.id)
  const received = () => t.sandbox.control.mixpanel.events()

  it('arrive with a pseudonym, and facts that mean nobody', async () => {
    const all = await rows()
    await Promise.all(all.map(pass))
    expect(
      received()
        .map(({ event }) => event)
        .sort(),
    ).to.deep.equal(all.map(row => row.payload.event).sort())
    const said = JSON.stringify(received())
    const [buyer, seller] = [await t.accounts.account('buyer'), await t.accounts.account('seller')]
    const shop = await t.accounts.shop()
    const { id: verifiedId } = await t.accounts.account('seller:verified')
    const orders = await t.db('orders').select('id', 'number')
    for (const secret of [
      ...[
        verifiedId,
        verified.iban,
        verified.legalName,
        verified.crNumber,
        buyer.id,
        buyer.email,
        seller.id,
        seller.email,
        shop.id,
        shop.crNumber,
        shop.vatNumber,
      ],
      ...['+966501234567', 'Test buyer', shop.tradeName, '127.0.0.1', orders[0].id, orders[0].number],
    ])
      expect(said).to.not.include(secret)
    const of = (name: string) => received().find(({ event }) => event === name)?.properties ?? {}
    expect(of('order_created')).to.include({ amountHalalas: 23_000, units: 2, count: 1 })
    expect(of('payment_completed')).to.include({ amountHalalas: 23_000, provider: 'tap' })
    expect(of('seller_onboarded')).to.include({ vatRegistered: true })
    expect(of('listing_created')).to.include({ condition: 'NEW' })
    // one person is one person, and not another
    expect(of('order_created').distinct_id).to.equal(of('payment_completed').distinct_id)
    expect(of('order_created').distinct_id).to.not.equal(of('listing_created').distinct_id)
    expect(of('order_created').distinct_id).to.match(/^[0-9a-f]{32}$/)
  })

  it('that are handled at once go in few requests', async () => {
    const before = t.sandbox.control.mixpanel.requests()
    const all = await rows()
    // while the first waits for its answer, the others come
    t.sandbox.control.faults.add({ kind: 'stall', milliseconds: 800, on: 'mixpanel.import' })
    await Promise.all(all.map(pass))
    expect(all.length).to.be.above(4)
    expect(t.sandbox.control.mixpanel.requests() - before).to.be.at.most(2)
  })

  it('sent again, whatever became of the answer, are the same events', async () => {
    const before = received().length
    t.sandbox.control.faults.add({ kind: 'drop', on: 'mixpanel.import' })
    const [row] = await rows()
    expect(await pass(row as Row).catch(error => error.name)).to.equal('NotYet')
    await pass(row as Row)
    expect(received()).to.have.length(before)
  })

  it('wait while it is away or has too many, and no try of theirs is spent', async () => {
    const [row] = await rows()
    for (const status of [429, 502, 503]) {
      t.sandbox.control.faults.add({ kind: 'status', status, on: 'mixpanel.import' })
      const error = await pass(row as Row).then(
        () => undefined,
        error => error,
      )
      expect(error, String(status)).to.include({ name: 'NotYet', againMs: 60_000 })
    }
    await pass(row as Row)
  })

  it('that it refuses are let go, and said of; the others of the batch arrive', async () => {
    const at = new Date(t.clock.now().getTime() + seconds(7_200)).toISOString()
    const bad = { event: 'order_created', objectType: 'order', objectId: newId(), count: 1, at }
    const good = { ...bad, at: t.clock.now().toISOString() }
    const before = received().length
    const { handle } = told.context.services.businessEvents
    await Promise.all([handle(bad, newId()), handle(good, newId())])
    expect(received()).to.have.length(before + 1)
    const refused = told.log.lines.filter(({ event }) => event === 'business_event_refused')
    expect(refused).to.have.length(1)
    expect(refused[0]?.fields.reason).to.include('properties.time')
    // whose order is unknown is nobody's, and says so
    expect(received().at(-1)?.properties.distinct_id).to.equal('')
  })

  it('stand failed where the token is wrong, which no waiting mends', async () => {
    const [row] = await rows()
    t.sandbox.control.faults.add({ kind: 'status', status: 401, on: 'mixpanel.import' })
    const error = await pass(row as Row).then(
      () => undefined,
      error => error,
    )
    expect(error.name).to.equal('Error')
    expect(error.message).to.include('MIXPANEL_TOKEN').and.not.include(token)
  })
})
