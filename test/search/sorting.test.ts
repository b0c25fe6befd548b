import { expect } from 'chai'
import type { Knex } from 'knex'
import { createSearchService } from '../../api/modules/search/search-service.js'
import { COMMON } from '../../api/modules/search/statements.js'
import { minutes } from '../../api/platform/clock.js'
import { createCursors } from '../../api/platform/page.js'
import { createReads, type Reads, type Statement } from '../../api/platform/reads.js'
import { seedListings } from '../../seeds/volume/index.js'
import { useContext } from '../support/context.js'
import { type Card, type Query, searching } from '../support/searching.js'

const LISTINGS = 20_000
const SORTS = ['relevance', 'newest', 'price_asc', 'price_desc'] as const
type Sort = (typeof SORTS)[number]
const [MANY, FEW] = ['77777-12345', '77777-54321']

describe('searches in order, page by page', function () {
  this.timeout(60_000)
  const t = useContext()
  const { results, ids, pages } = searching(t)
  let suspended: string

  before(async () => {
    await seedListings(t.ownerUrl, { count: LISTINGS, environment: 'test' })
    suspended = (await t.db('sellers').orderBy('id').offset(7).first('id')).id
    await t.owner('sellers').where({ id: suspended }).update({ status: 'SUSPENDED' })
    await t.owner('listings').where({ brand: 'Denso' }).update({ part_number: MANY })
    await t.owner('listings').where({ brand: 'Beru' }).update({ part_number: FEW })
    // many at one price, over many pages
    await t.owner('listings').where({ brand: 'Varta' }).update({ price_halalas: 7_500 })
  })

  type Where = (query: Knex.QueryBuilder) => Knex.QueryBuilder
  const expected = (where: Where, sort: Sort): Promise<string[]> =>
    where(t.db('listings').where({ status: 'ACTIVE' }).whereNot({ seller_id: suspended }))
      .orderByRaw(
        { price_asc: 'price_halalas, seq', price_desc: 'price_halalas desc, seq desc' }[sort as string] ??
          'seq desc',
      )
      .pluck('id')
  const flat = (cards: Card[][]) => cards.flat().map(({ id }) => id)

  const varta: Where = query => query.where({ brand: 'Varta' })
  const sonata: Where = query => query.whereLike('title_en', '%Hyundai Sonata %')
  const CASES: [what: string, query: Query, where: Where, limits: number[]][] = [
    ['a rare word', { q: 'varta' }, varta, [1, 7, 20, 100]],
    ['a rare word in a brand', { q: 'varta', brand: 'varta' }, varta, [7]],
    ['a brand', { brand: 'varta' }, varta, [1, 7, 20, 100]],
    [
      'a filter no key answers',
      { priceFrom: 390_000 },
      query => query.where('price_halalas', '>=', 390_000),
      [7, 100],
    ],
    [
      'words and a filter',
      { q: 'filter', condition: 'REFURBISHED', inStock: true },
      query =>
        query.whereLike('title_en', '%ilter%').where({ condition: 'REFURBISHED' }).where('stock', '>', 0),
      [20, 100],
    ],
    ['a number that many carry', { q: MANY }, query => query.where({ part_number: MANY }), [7, 100]],
    ['a number that few carry', { q: FEW }, query => query.where({ part_number: FEW }), [7, 100]],
    ['a car', { q: 'sonata' }, sonata, [1, 7, 100]],
    ['a common word', { q: 'تويوتا' }, query => query.whereLike('title_en', '%Toyota%'), [100]],
  ]

  for (const [what, query, where, limits] of CASES) {
    for (const sort of SORTS) {
      it(`give every match of ${what} once by ${sort}, whatever the page`, async () => {
        const wanted = await expected(where, sort)
        expect(wanted.length).to.be.above(Math.min(...limits))
        for (const limit of limits) {
          const seen = await pages({ ...query, sort, limit })
          const found = flat(seen)
          if (sort === 'relevance') expect([...found].sort()).to.deep.equal([...wanted].sort())
          else expect(found).to.deep.equal(wanted)
          for (const full of seen.slice(0, -1)) expect(full).to.have.length(limit)
        }
      })
    }
  }

  it('give every match once, though the statistics change between two pages', async () => {
    let common: { lexeme: string }[] = []
    const own = createReads({ db: t.db, logger: t.context.logger, slowMs: 60_000 })
    const reads: Reads = async <R>(statement: Statement, values: readonly unknown[]) =>
      statement === COMMON ? (common as R[]) : own<R>(statement, values)
    const { catalogue } = t.services
    const cursors = createCursors(() => 'a secret of cursors')
    const search = createSearchService({
      reads,
      clock: t.clock,
      logger: t.context.logger,
      cursors,
      catalogue,
    })
    const found: string[] = []
    let cursor: string | undefined
    for (let page = 0; cursor !== undefined || page === 0; page++) {
      const { items, nextCursor } = await search.find({ q: 'varta', limit: 7, cursor })
      found.push(...items.map(({ id }) => id))
      cursor = nextCursor ?? undefined
      common = page % 2 === 0 ? [{ lexeme: 'varta' }, { lexeme: 'b:varta' }] : []
      t.clock.advance(minutes(6)) // the statistics are read anew with the next page, and in force with the one after
    }
    expect(found.sort()).to.deep.equal((await expected(varta, 'relevance')).sort())
  })

  it('show everything there is, newest first', async () => {
    const newest = await expected(query => query, 'newest')
    expect((await ids({ limit: 100 })).length).to.equal(100)
    expect(flat(await pages({ limit: 100, priceTo: 999_999 }))).to.deep.equal(newest)
  })

  it('are by relevance where there are words, and newest first where there are none', async () => {
    expect(await ids({ q: 'toyota' })).to.deep.equal(await ids({ q: 'toyota', sort: 'relevance' }))
    expect(await ids({ brand: 'varta' })).to.deep.equal(await ids({ brand: 'varta', sort: 'newest' }))
  })

  for (const sort of SORTS) {
    it(`lose and repeat nothing by ${sort} while rows are added`, async () => {
      const query = { q: 'toyota', brand: 'toyota', sort, limit: 20, condition: 'REFURBISHED' }
      const before = flat(await pages(query))
      const seen: string[] = []
      const added: string[] = []
      let cursor: string | null = null
      do {
        const page = await results(cursor === null ? query : { ...query, cursor })
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
        const priceHalalas = added.length % 2 ? 1_501 : 399_000
        const like = { titleEn: 'Toyota', brand: 'Toyota', condition: 'REFURBISHED', priceHalalas } as never
        added.push((await t.accounts.listing(like)).id)
      } while (cursor !== null)
      expect(new Set(seen).size).to.equal(seen.length)
      expect(seen.filter(id => !added.includes(id))).to.deep.equal(before)
      await t.owner('listings').whereIn('id', added).update({ status: 'PAUSED' })
    })
  }

  it('pass over a suspended seller without a short page', async () => {
    const own = await t
      .db('listings')
      .where({ seller_id: suspended, status: 'ACTIVE' })
      .orderBy('seq')
      .first()
    const [word] = own.title_en.split(' ')
    expect(await ids({ seller: suspended, limit: 1 })).to.be.empty
    for (const sort of SORTS)
      expect(await results({ q: word, seller: suspended, limit: 1, sort })).to.include({ nextCursor: null })
    for (const page of (await pages({ q: 'varta', limit: 1 })).slice(0, -1)) expect(page).to.have.length(1)
  })

  it('refuse a cursor of another search or another order', async () => {
    const given: [Query, string][] = []
    for (const query of [{ q: 'toyota' }, { q: 'filter' }, { brand: 'bosch' }, {}] as Query[])
      for (const sort of SORTS)
        given.push([{ ...query, sort }, (await results({ ...query, sort, limit: 2 })).nextCursor as string])
    for (const [query] of given) {
      for (const [other, cursor] of given) {
        const text = new URLSearchParams({ ...query, cursor } as Record<string, string>)
        const { status, body } = await t.get(`/api/v1/listings?${text}`)
        expect(status, `${text}`).to.equal(other === query ? 200 : 400)
        if (other !== query) expect(body.code).to.equal('request.bad_cursor')
      }
    }
  })
})
