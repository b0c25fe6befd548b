import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { addCars, counts, csv, importCsv, row, sendCsv, stored } from '../support/importing.js'
import { place, stockOf } from '../support/shopping.js'

describe('importing listings', () => {
  const t = useContext()
  let sellerId: string
  before(async () => {
    await addCars(t)
    sellerId = (await t.accounts.shop('seller')).id
  })
  afterEach(async () => {
    await t.owner.raw('truncate order_items, orders, checkouts cascade')
    await t.owner('listings').where({ seller_id: sellerId }).delete()
    await t.owner('audit_log').where({ object_id: sellerId, action: 'listings_imported' }).delete()
  })

  it('creates what is new, changes what differs, and leaves alone what does not', async () => {
    const first = await importCsv(t, [row('A'), row('B'), row('C')])
    expect(first.summary).to.deep.equal(counts({ created: 3 }))
    const second = await importCsv(t, [row('A'), row('B', { price: '99' }), row('D')])
    expect(second.rows.map(({ row, sku, outcome }) => [row, sku, outcome])).to.deep.equal([
      [2, 'A', 'unchanged'],
      [3, 'B', 'updated'],
      [4, 'D', 'created'],
    ])
    expect(second.summary).to.deep.equal(counts({ created: 1, updated: 1, unchanged: 1 }))
    expect(second.rows[1]?.listingId).to.equal(first.rows[1]?.listingId)
    const prices = (await stored(t, sellerId)).map(listing => [listing.sku, listing.price_halalas])
    expect(prices).to.deep.equal([
      ['A', 11_500],
      ['B', 9_900],
      ['C', 11_500],
      ['D', 11_500],
    ])
  })

  it('makes listings like those made one by one', async () => {
    const { rows } = await importCsv(t, [
      row('WHOLE', {
        description_ar: 'أصلي',
        description_en: 'Genuine,\n"boxed"',
        brand: 'Toyota',
        condition: 'USED',
        warranty_months: '12',
        cross_references: 'OEM:04465-06090 | SUPERSEDED:04465-06080|04465 1',
        fits: 'test-camry:2012-2017 | test-sonata | make:kia',
      }),
    ])
    const { body } = await t.get(`/api/v1/listings/${rows[0]?.listingId}`, { as: 'seller' })
    const wanted = {
      sku: 'WHOLE',
      title: { ar: 'فحمات أمامية', en: 'Front brake pads' },
      description: { ar: 'أصلي', en: 'Genuine,\n"boxed"' },
      categoryId: 'brake-pads',
      partNumber: '04465-33480',
      brand: 'Toyota',
      condition: 'USED',
      price: { amount: 11_500 },
      stock: 10,
      warrantyMonths: 12,
      crossReferences: [
        { kind: 'OEM', number: '04465-06090' },
        { kind: 'SUPERSEDED', number: '04465-06080' },
        { kind: 'OEM', number: '04465 1' },
      ],
      fits: [{ modelId: 'test-camry', from: 2012, to: 2017 }, { modelId: 'test-sonata' }, { makeId: 'kia' }],
      status: 'ACTIVE',
    }
    const made = await t.post('/api/v1/listings', { as: 'seller', body: { ...wanted, sku: 'BY-HAND' } })
    expect(made.status, made.text).to.equal(201)
    const { id: _, sku, createdAt, updatedAt, ...byHand } = made.body
    expect(body).to.deep.include(byHand)
    const [imported, other] = await Promise.all(
      ['WHOLE', 'BY-HAND'].map(sku => t.owner('listings').where({ sku }).first('keys', 'search')),
    )
    const shelves = /'s\d+:\d+' ?/g
    expect(imported.keys).to.deep.equal(other.keys)
    expect(imported.search.replace(shelves, '')).to.equal(other.search.replace(shelves, ''))
  })

  it('leaves no trace of a file that comes again', async () => {
    const file = csv([row('A', { fits: 'test-sonata', cross_references: '1|2' }), row('B')])
    await importCsv(t, file)
    const before = await stored(t, sellerId)
    t.clock.advance(60_000)
    const { summary } = await importCsv(t, file)
    expect(summary).to.deep.equal(counts({ unchanged: 2 }))
    expect(await stored(t, sellerId)).to.deep.equal(before)
    const audit = await t.owner('audit_log').where({ action: 'listings_imported', object_id: sellerId })
    expect(audit).to.have.length(1)
    expect(audit[0].details).to.deep.equal({ created: 2, updated: 0 })
  })

  it('writes the good rows beside the bad ones, unless it is asked for all or none', async () => {
    const rows = [row('A'), row('B', { price: 'x' }), row('C')]
    const outcomes = async (query: string) =>
      (await importCsv(t, rows, { query })).rows.map(({ outcome, listingId }) => [
        outcome,
        listingId !== null,
      ])
    expect(await outcomes('?mode=chunks')).to.deep.equal([
      ['skipped', false],
      ['failed', false],
      ['skipped', false],
    ])
    expect(await stored(t, sellerId)).to.be.empty
    expect(await outcomes('?mode=rows')).to.deep.equal([
      ['created', true],
      ['failed', false],
      ['created', true],
    ])
  })

  it('takes all or none by chunks of five hundred, not by files', async () => {
    const rows = Array.from({ length: 501 }, (_, n) => row(`N-${n}`, n === 3 ? { quantity: '' } : {}))
    const { summary } = await importCsv(t, rows, { query: '?mode=chunks' })
    expect(summary).to.deep.equal(counts({ skipped: 499, failed: 1, created: 1 }))
    expect((await stored(t, sellerId)).map(listing => listing.sku)).to.deep.equal(['N-500'])
    const audit = await t.owner('audit_log').where({ action: 'listings_imported', object_id: sellerId })
    expect(audit.map(each => each.details)).to.deep.equal([{ created: 1, updated: 0 }])
  })

  it('says beforehand what it would do, and does nothing', async () => {
    await importCsv(t, [row('A'), row('B')])
    const before = await stored(t, sellerId)
    const rows = [row('A'), row('B', { fits: 'make:kia', price: '1' }), row('C'), row('D', { price: '' })]
    const dry = await importCsv(t, rows, { query: '?dryRun=true' })
    expect(dry.rows.map(({ outcome }) => outcome)).to.deep.equal([
      'unchanged',
      'updated',
      'created',
      'failed',
    ])
    expect(dry.rows[2]?.listingId).to.equal(null)
    expect(await stored(t, sellerId)).to.deep.equal(before)
    expect(
      await t.owner('audit_log').where({ action: 'listings_imported', object_id: sellerId }),
    ).to.have.length(1)
    const wet = await importCsv(t, rows)
    expect(wet.summary).to.deep.equal(dry.summary)
  })

  it('changes what a listing is found by only where that differs, and its date only where anything does', async () => {
    const { rows } = await importCsv(t, [row('A'), row('B')])
    const find = async (q: string) =>
      (await t.get(`/api/v1/listings?q=${encodeURIComponent(q)}`)).body.items.map(
        (item: { id: string }) => item.id,
      )
    expect(await find('brake')).to.have.length(2)
    const [before] = await stored(t, sellerId)
    await importCsv(t, [
      row('A', { quantity: '3' }),
      row('B', { title_en: 'Lamp', cross_references: '778899' }),
    ])
    const [a] = await stored(t, sellerId)
    expect(a.search).to.equal(before.search)
    expect(a.updated_at).to.not.deep.equal(before.updated_at)
    expect(await find('lamp')).to.deep.equal([rows[1]?.listingId])
    expect(await find('778899')).to.deep.equal([rows[1]?.listingId])
    expect(await t.owner('search_numbers').where({ number: '778899' })).to.have.length(1)
    expect(await t.owner('search_words').where({ word: 'lamp' })).to.have.length(1)
  })

  it('sets the quantity to what the seller says, whatever was sold meanwhile', async () => {
    const { rows } = await importCsv(t, [row('A')])
    await place(t, [{ listingId: rows[0]?.listingId as string, quantity: 4 }])
    expect(await stockOf(t, rows[0]?.listingId as string)).to.equal(6)
    await importCsv(t, [{ sku: 'A', price: '100' }])
    expect(await stockOf(t, rows[0]?.listingId as string)).to.equal(6)
    expect((await importCsv(t, [{ sku: 'A', quantity: '10' }])).summary).to.deep.equal(counts({ updated: 1 }))
    expect(await stockOf(t, rows[0]?.listingId as string)).to.equal(10)
  })

  it('speaks Arabic to those who do not say otherwise', async () => {
    const { rows } = await importCsv(t, [row('A', { price: 'x' })], { language: '' })
    expect(rows[0]?.errors[0]?.detail).to.match(/[\u0600-\u06ff]/)
  })
})

describe('who may import listings', () => {
  const t = useContext()
  const apply = async (as: 'seller:new' | 'seller:gone') => {
    const { body } = await t.post('/api/v1/sellers', {
      as,
      body: {
        tradeName: 'x',
        legalName: 'x',
        crNumber: as === 'seller:new' ? '1010101010' : '1010101011',
        city: 'x',
      },
    })
    return body.id as string
  }

  it('an unapproved seller imports drafts, and is told by row that they may not be on sale', async () => {
    await apply('seller:new')
    const { rows, summary } = await importCsv(t, [row('A', { status: 'مسودة' }), row('B')], {
      as: 'seller:new',
    })
    expect(summary).to.deep.equal(counts({ created: 1, failed: 1 }))
    expect(rows[1]?.errors[0]).to.include({ column: 'status', code: 'sellers.not_approved' })
    const late = await importCsv(t, [{ sku: 'A', status: 'ACTIVE' }], { as: 'seller:new' })
    expect(late.rows[0]?.errors[0]).to.include({ column: 'status', code: 'sellers.not_approved' })
  })

  it('a suspended seller imports nothing', async () => {
    const id = await apply('seller:gone')
    await t.owner('sellers').where({ id }).update({ status: 'SUSPENDED' })
    const answer = await sendCsv(t, csv([row('A')]), { as: 'seller:gone' })
    expect(answer.body).to.include({ status: 409, code: 'sellers.suspended' })
  })

  it('nor does anybody who is no seller', async () => {
    expect((await sendCsv(t, csv([row('A')]), { as: 'buyer' })).status).to.equal(403)
    expect((await sendCsv(t, csv([row('A')]), { as: 'admin' })).status).to.equal(403)
    expect((await sendCsv(t, csv([row('A')]), { as: 'seller:shopless' })).body.code).to.equal(
      'sellers.not_found',
    )
    const stranger = await t.post('/api/v1/listings/import', {
      raw: 'sku\n1',
      headers: { 'content-type': 'text/csv' },
    })
    expect(stranger.status).to.equal(401)
  })
})
