import { expect } from 'chai'
import { DETAIL, OWN_CARDS } from '../../api/modules/listings/listing-queries.js'
import { createSearchService, type Search } from '../../api/modules/search/search-service.js'
import { batchCards } from '../../api/modules/search/statements.js'
import { createCursors } from '../../api/platform/page.js'
import { createReads } from '../../api/platform/reads.js'
import { seedListings } from '../../seeds/volume/index.js'
import { useContext } from '../support/context.js'
import { superuserUrl } from '../support/database.js'
import { explainedReads } from '../support/plans.js'

const LISTINGS = 20_000
const cursors = createCursors(() => 'of no use')
/** What a search may read only by an index. */
const LARGE = ['listings', 'listing_fitments', 'listing_numbers', 'search_words', 'search_numbers']

describe('the plans of a search', function () {
  this.timeout(60_000)
  const t = useContext()
  let seller: string

  before(async () => {
    await seedListings(t.ownerUrl, { count: LISTINGS, environment: 'test' })
    const query = t.db('listings').groupBy('seller_id').havingRaw('count(*) < 40')
    seller = (await query.orderBy('seller_id').first('seller_id')).seller_id
  })

  const CASES: [what: string, search: () => Omit<Search, 'limit'>, indexes: string[]][] = [
    ['a common word', () => ({ q: 'toyota filter' }), ['idx_listings_search']],
    ['a rare word', () => ({ q: 'varta' }), ['idx_listings_search']],
    [
      'words that are not there',
      () => ({ q: 'toyotta xylophone' }),
      ['idx_search_words_begin', 'idx_search_words_trigrams', 'idx_listings_search'],
    ],
    ['letters the wrong way round', () => ({ q: 'vatra' }), ['search_words_pkey']],
    ['a number', () => ({ q: '04465-33471' }), ['idx_listings_search']],
    ['a piece of a number', () => ({ q: '4465334' }), ['idx_search_numbers_piece']],
    ['words, newest first', () => ({ q: 'toyota', sort: 'newest' }), ['idx_listings_search']],
    [
      'a car, a year and its engine',
      () => ({ vehicle: 'toyota-hilux', year: 2015, engine: 'toyota-hilux-2tr-fe' }),
      ['idx_listings_search', 'listing_fitments_pkey'],
    ],
    ['a category', () => ({ category: 'brakes' }), ['idx_listings_search']],
    ['everything', () => ({}), ['idx_listings_newest']],
    ['everything of a seller', () => ({ seller: seller }), ['idx_listings_seller_newest']],
    ['a common word by price', () => ({ q: 'toyota', sort: 'price_asc' }), ['idx_listings_price_seq']],
    [
      'a common word by price, dearest first',
      () => ({ q: 'toyota', sort: 'price_desc' }),
      ['idx_listings_price_seq'],
    ],
    ['a rare word by price', () => ({ q: 'acdelco horn', sort: 'price_asc' }), ['idx_listings_search']],
    ['everything by price', () => ({ sort: 'price_asc', priceFrom: 5_000 }), ['idx_listings_price_seq']],
    [
      'facets of a common word',
      () => ({ q: 'toyota', facets: true }),
      ['idx_listings_search', 'listings_pkey'],
    ],
  ]

  // a prepared statement is planned for its values five times, and then for any, where that looks no dearer
  for (const [when, warmUps] of [
    ['at first', 0],
    ['once the connection has its plans', 6],
  ] as const) {
    describe(when, () => {
      let explained: Awaited<ReturnType<typeof explainedReads>>
      before(async () => {
        const url = new URL(superuserUrl())
        url.pathname = new URL(t.ownerUrl).pathname
        explained = await explainedReads(url.href)
      })
      after(() => explained?.close())

      function expectIndexed(...indexes: string[]) {
        const plans = explained.plans()
        expect([...plans.seqScans].filter(table => LARGE.includes(table))).to.be.empty
        expect([...plans.indexes]).to.include.members(indexes)
      }

      for (const [what, search, indexes] of CASES) {
        it(`read ${what} by its index`, async () => {
          const { reads } = explained
          const { catalogue } = t.services
          const service = createSearchService({ reads, clock: t.clock, logger: t.log, cursors, catalogue })
          for (let n = 0; n < warmUps; n++) await service.find({ limit: 20, ...search() })
          explained.plans()
          await service.find({ limit: 20, ...search() })
          expectIndexed(...indexes)
        })
      }

      it('read a listing, and the listings of a seller, by theirs', async () => {
        const { id } = await t.db('listings').first('id')
        await explained.reads(DETAIL, [[id]])
        expectIndexed('listings_pkey', 'listing_fitments_pkey', 'listing_numbers_pkey')
        await explained.reads(OWN_CARDS, [seller, null, 21])
        expectIndexed('idx_listings_seller_newest')
      })
    })
  }

  it('rank about a thousand at the most, however many there are', async () => {
    const { rows } = await t.db.raw(
      `select count(*)::integer as all from listings where status = 'ACTIVE' and search @@ 'toyota'`,
    )
    const batch = {
      filters: {},
      start: null,
      after: null,
      isRare: false,
      isRanked: true,
      enough: 60,
      limit: 1_000_000,
    }
    const [{ text }, values] = batchCards({
      ...batch,
      wanted: { words: ["'toyota'"], keys: [''], typed: "'toyota'" },
    })
    const ranked = await createReads({ db: t.db, logger: t.log, slowMs: 10_000 })({ text }, values)
    expect(rows[0].all).to.be.above(4_000)
    expect(ranked.length).to.be.within(60, 1_100)
  })
})
