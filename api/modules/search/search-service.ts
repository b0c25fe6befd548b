import type { Clock } from '../../platform/clock.js'
import { createGate } from '../../platform/gate.js'
import type { Logger } from '../../platform/logger.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import type { CatalogueService } from '../catalogue/catalogue-service.js'
import type { Lexicon } from '../catalogue/lexicon.js'
import type { CardRow } from '../listings/listing-presenter.js'
import { countFacets, type Facets, NO_FACETS } from './facets.js'
import { type Position, positionOf, positionText, type Sort } from './positions.js'
import { compile, keyed, type Part, readQuery } from './query-text.js'
import { createQuickPages } from './quick-pages.js'
import { createRarity } from './rarity.js'
import { mended } from './spelling.js'
import { batchCards, type Filters, isUnfiltered, pricedCards, type Wanted } from './statements.js'

export type Search = PageRequest & {
  q?: string | undefined
  category?: string | undefined
  brand?: string | undefined
  make?: string | undefined
  vehicle?: string | undefined
  year?: number | undefined
  engine?: string | undefined
  condition?: string | undefined
  priceFrom?: number | undefined
  priceTo?: number | undefined
  seller?: string | undefined
  inStock?: boolean
  featured?: boolean
  sort?: Sort | undefined
  facets?: boolean
}
export type Results = Page<CardRow> & { isMended: boolean; at: Date; facets?: Facets }

type Deps = { reads: Reads; clock: Clock; logger: Logger; cursors: Cursors; catalogue: CatalogueService }
export type SearchService = ReturnType<typeof createSearchService>

/** A batch for ranking holds at least so many, where there are so many. */
const RANKED_AT_LEAST = 30
/** Mending and counting cost many times a plain search: they never take more connections than these. */
const ASIDE = 3

export function createSearchService({ reads, clock, logger, cursors, catalogue }: Deps) {
  const aside = createGate(ASIDE)
  const isRare = createRarity({ reads, clock, logger })
  const quick = createQuickPages(reads)
  return {
    /** What is on sale and fits the search, page by page. Finding nothing, it looks for what was probably meant. */
    async find(search: Search): Promise<Results> {
      const at = clock.now()
      const lexicon = await catalogue.lexicon()
      const text = readQuery(search.q ?? '', lexicon)
      const filters = filtersOf(search, at)
      const parts = [...text, ...keyParts(search, lexicon)]
      if (search.q && text.length === 0) return { items: [], nextCursor: null, isMended: false, at }
      const list = listOf(search)
      const cursor = search.cursor === undefined ? null : positionOf(cursors.decode(list, search.cursor))
      const asTyped = { list, parts, filters, cursor, isMended: false }
      if (!cursor?.isMended) {
        const page = await pageOf(search, asTyped)
        if (page.items.length > 0 || cursor || text.length === 0)
          return { ...page, isMended: false, at, ...(await facetsOf(search, parts, filters, page)) }
      }
      const [better, page] = await aside(async () => {
        const better = (await mended(reads, parts)) ?? parts
        return [better, await pageOf(search, { ...asTyped, parts: better, isMended: true })] as const
      })
      const isMended = better !== parts && page.items.length > 0
      return { ...page, isMended, at, ...(await facetsOf(search, better, filters, page)) }
    },
  }

  async function facetsOf(
    { facets }: Search,
    parts: Part[],
    filters: Filters,
    { items }: Page<CardRow>,
  ): Promise<{ facets?: Facets }> {
    if (!facets) return {}
    if (items.length === 0) return { facets: NO_FACETS }
    return { facets: await aside(() => countFacets(reads, parts, filters, isRare(parts))) }
  }

  function pageOf(search: Search, { list, parts, filters, cursor, isMended }: Asked): Promise<Page<CardRow>> {
    const position = cursor?.numbers ?? null
    const isFew = cursor?.isFew ?? isRare(parts)
    const place = (numbers: number[], few = isFew) => positionText({ numbers, isMended, isFew: few })
    const wanted = parts.length > 0 ? compile(parts) : null
    const sort = sortOf(search)
    if (sort === 'price_asc' || sort === 'price_desc') return byPrice(sort)
    if (!wanted) return newest()
    const isNumber = sort === 'relevance' && isNumberAlone(parts) && isUnfiltered(filters) && isFew
    return isNumber && position === null ? ofNumber(wanted) : inBatches(wanted, sort === 'relevance', isFew)

    async function ofNumber(number: Wanted) {
      const { limit } = search
      const rows = await quick.ofNumber({ wanted: number, limit: limit + 1 })
      if (!rows) return inBatches(number, true, false) // carried by so many that the newest come first
      return cursors.page(list, rows, limit, row => place([row.newest, row.score, row.seq]))
    }

    async function newest() {
      const rows = await quick.newest({ filters, below: position?.[0] ?? null, limit: search.limit + 1 })
      return cursors.page(list, rows, search.limit, row => place([row.seq]))
    }

    async function byPrice(order: 'price_asc' | 'price_desc') {
      const after = position && { price: position[0] as number, seq: position[1] as number }
      const direction = order === 'price_asc' ? 'asc' : 'desc'
      const [statement, values] = pricedCards(wanted, filters, direction, after, search.limit + 1)
      const rows = await reads<CardRow>(statement, values)
      return cursors.page(list, rows, search.limit, row => place([row.priceHalalas, row.seq]))
    }

    /** Batch after batch until the page is full: see the database's find_listings. */
    async function inBatches(wanted: Wanted, isRanked: boolean, isFew: boolean): Promise<Page<CardRow>> {
      const { limit } = search
      const items: CardRow[] = []
      let start = position?.[0] ?? null
      let after = position?.[1] === undefined ? null : { score: position[1], seq: position[2] as number }
      for (;;) {
        const room = limit - items.length
        const enough = isRanked ? Math.max(RANKED_AT_LEAST, limit + 1) : limit + 1
        const [statement, values] = batchCards({
          wanted,
          filters,
          isRare: isFew,
          isRanked,
          start,
          after,
          limit: room + 1,
          enough,
        })
        const rows = await reads<BatchRow>(statement, values)
        const end = rows.pop() as BatchRow
        start ??= end.newest
        const last = rows.length > room ? rows[room - 1] : undefined // there is more in this batch
        items.push(...rows.slice(0, room).filter(row => row.sells))
        if (!last && end.seq < 0) return { items, nextCursor: null }
        if (!last) start = end.seq
        after = last ? { score: last.score, seq: last.seq } : null
        if (items.length < limit) continue
        const next = last ? [start as number, last.score, last.seq] : [start as number]
        return { items, nextCursor: cursors.encode(list, place(next, isFew)) }
      }
    }
  }
}

/** One reading of a search, and where in its results to go on. */
type Asked = {
  list: string
  parts: Part[]
  filters: Filters
  cursor: Position | null
  isMended: boolean
}

/** A search that is nothing but a part number. */
const isNumberAlone = ([only, ...more]: Part[]): boolean =>
  more.length === 0 && only?.spelled !== undefined && 'number' in only.spelled

const sortOf = ({ sort, q }: Search): Sort => sort ?? (q ? 'relevance' : 'newest')

/** The list a cursor belongs to: all of the request but its size and place. */
function listOf({ cursor: _cursor, limit: _limit, facets: _facets, ...asked }: Search): string {
  return `search:${JSON.stringify({ ...asked, sort: sortOf(asked as Search) }, Object.keys(asked).sort())}`
}

type BatchRow = CardRow & { score: number; newest: number | null; sells: boolean }

const filtersOf = (search: Search, now: Date): Filters => ({
  condition: search.condition,
  priceFrom: search.priceFrom,
  priceTo: search.priceTo,
  seller: search.seller,
  inStock: search.inStock ?? false,
  featuredAt: search.featured ? now : undefined,
  engine: search.engine,
})

/** The filters that listings carry keys for. */
function keyParts({ category, brand, make, vehicle, year }: Search, lexicon: Lexicon): Part[] {
  const parts: Part[] = []
  if (category) parts.push(keyed(lexicon.branch(category).map(id => `c:${id}`)))
  if (brand) parts.push(keyed([`b:${brand.toLowerCase()}`]))
  if (make) parts.push(keyed([`km:${make}`]))
  if (vehicle) {
    const own = year === undefined ? `v:${vehicle}` : `y:${vehicle}@${year}`
    const makeId = lexicon.makeOf(vehicle)
    parts.push(keyed(makeId ? [own, `w:${makeId}`] : [own]))
  }
  return parts
}
