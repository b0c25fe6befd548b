import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { addCars, counts, csv, importCsv, row, stored } from '../support/importing.js'

describe('importing listings', () => {
  const t = useContext()
  let sellerId: string
  before(async () => {
    await addCars(t)
    sellerId = (await t.accounts.shop('seller')).id
  })
  afterEach(async () => {
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
})
