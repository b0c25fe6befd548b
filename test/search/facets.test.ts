import { expect } from 'chai'
import type { Knex } from 'knex'
import { seedListings } from '../../seeds/volume/index.js'
import { useContext } from '../support/context.js'
import { type Query, searching } from '../support/searching.js'

const LISTINGS = 3_000
const MOST_BRANDS = 20

describe('counts of what is found', () => {
  const t = useContext()
  const { results } = searching(t)

  before(async function () {
    this.timeout(60_000)
    await seedListings(t.ownerUrl, { count: LISTINGS, environment: 'test' })
    const { seller_id: busiest } = await t
      .db('listings')
      .groupBy('seller_id')
      .orderByRaw('count(*) desc')
      .first('seller_id')
    await t.owner('sellers').where({ id: busiest }).update({ status: 'SUSPENDED' })
  })

  type Where = (query: Knex.QueryBuilder) => Knex.QueryBuilder
  const onSale = () =>
    t
      .db('listings')
      .where({ status: 'ACTIVE' })
      .whereIn('seller_id', t.db('sellers').whereNot({ status: 'SUSPENDED' }).select('id'))

  /** The same by SQL, from the plain columns. */
  async function countedBySql(where: Where) {
    const by = async (column: string) => {
      const rows = await where(onSale())
        .whereNot(column, '')
        .groupBy(column)
        .select<{ value: string; count: number }[]>(
          `${column} as value`,
          t.db.raw('count(*)::integer as count'),
        )
      return rows.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    }
    const [total] = await where(onSale()).select(
      t.db.raw('count(*)::integer as count, min(price_halalas) as lowest, max(price_halalas) as highest'),
    )
    return {
      isComplete: true,
      count: total.count,
      price: total.count === 0 ? null : { lowest: Number(total.lowest), highest: Number(total.highest) },
      categories: await by('category_id'),
      brands: (await by('brand')).slice(0, MOST_BRANDS),
      conditions: await by('condition'),
    }
  }

  const fits =
    (sql: string): Where =>
    query =>
      query.whereRaw(`exists (select from listing_fitments f where f.listing_id = listings.id and ${sql})`)
  const CASES: [what: string, query: Query, where: Where][] = [
    [
      'a category',
      { category: 'brakes' },
      query =>
        query.whereIn(
          'category_id',
          t.db('categories').where({ id: 'brakes' }).orWhere({ parent_id: 'brakes' }).select('id'),
        ),
    ],
    ['a brand', { brand: 'bosch' }, query => query.where({ brand: 'Bosch' })],
    ['a word', { q: 'bosch' }, query => query.where({ brand: 'Bosch' })],
    ['a make', { make: 'nissan' }, fits(`f.make_id = 'nissan'`)],
    [
      'a car of a year',
      { vehicle: 'toyota-hilux', year: 2015 },
      fits(`f.model_id = 'toyota-hilux' and 2015 between f.year_from and f.year_to`),
    ],
    ['a model in words', { q: 'هايلكس' }, fits(`f.model_id = 'toyota-hilux'`)],
    [
      'other filters',
      { brand: 'denso', condition: 'NEW', inStock: true, priceFrom: 2_000, priceTo: 200_000 },
      query =>
        query
          .where({ brand: 'Denso', condition: 'NEW' })
          .where('stock', '>', 0)
          .whereBetween('price_halalas', [2_000, 200_000]),
    ],
    ['what is featured', { featured: true }, query => query.where('featured_until', '>', new Date())],
    ['nothing', { q: 'bosch', brand: 'denso', priceTo: 1 }, query => query.whereRaw('false')],
  ]

  for (const [what, query, where] of CASES) {
    it(`agree with the tables for ${what}, whatever the order and the page`, async () => {
      const expected = await countedBySql(where)
      if (what !== 'nothing') expect(expected.count).to.be.within(2, 999)
      for (const more of [{}, { sort: 'price_asc', limit: 1 }, { sort: 'newest', limit: 3 }] as Query[])
        expect((await results({ ...query, ...more, facets: true })).facets).to.deep.equal(expected)
    })
  }

  it('are of the newest thousand where there is more, and say so', async () => {
    const { facets } = await results({ facets: true })
    expect(facets).to.include({ isComplete: false })
    expect(facets?.count).to.be.within(800, 1_000)
    const newest = await onSale()
      .orderBy('seq', 'desc')
      .limit(facets?.count as number)
      .pluck('condition')
    const used = newest.filter(condition => condition === 'USED').length
    expect(facets?.conditions.find(({ value }) => value === 'USED')?.count).to.equal(used)
  })

  it('are of what was probably meant, where the words were mended', async () => {
    const { facets, isMended } = await results({ q: 'bosh', facets: true })
    expect(isMended).to.equal(true)
    expect(facets).to.deep.equal((await results({ q: 'bosch', facets: true })).facets)
  })

  it('are the same on a later page, and come only where they are asked for', async () => {
    const first = await results({ q: 'bosch', facets: true, limit: 5 })
    const { facets } = await results({
      q: 'bosch',
      facets: true,
      limit: 5,
      cursor: first.nextCursor as string,
    })
    expect(facets).to.deep.equal(first.facets)
    expect(await results({ q: 'bosch' })).to.not.have.property('facets')
  })
})
