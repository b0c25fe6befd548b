import type { Statement } from '../../platform/reads.js'
import { CARD, CARDS } from '../listings/listing-queries.js'

/** The filters that no key answers, in the order every statement takes them. */
export type Filters = {
  condition?: string | undefined
  priceFrom?: number | undefined
  priceTo?: number | undefined
  seller?: string | undefined
  inStock?: boolean
  featuredAt?: Date | undefined
  engine?: string | undefined
}
const filterValues = (f: Filters) => [
  f.condition ?? null,
  f.priceFrom ?? null,
  f.priceTo ?? null,
  f.seller ?? null,
  f.inStock ?? false,
  f.featuredAt ?? null,
  f.engine ?? null,
]

/** Words and keys as compile_search takes them. */
export type Wanted = { words: string[]; keys: string[]; typed: string }
export type Batch = {
  wanted: Wanted
  filters: Filters
  /** It is probably in few listings. */
  isRare: boolean
  isRanked: boolean
  /** The newest seq of the batch; null: the newest there is. */
  start: number | null
  after: { score: number; seq: number } | null
  limit: number
  enough: number
}

const found = (batch: Batch) => [
  batch.wanted.words,
  batch.wanted.keys,
  batch.wanted.typed,
  batch.isRare,
  batch.isRanked,
  batch.start,
  batch.after?.score ?? null,
  batch.after?.seq ?? null,
  batch.limit,
  batch.enough,
  ...filterValues(batch.filters),
]
const FIND = `find_listings(compile_search($1, $2), case when $3 = '' then '' else to_tsquery('cargoparts', $3) end, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
  $14, $15, $16, $17)`

/** The cards of a batch, and at the end a row without a card: where the next batch begins. */
export const batchCards = (batch: Batch): [Statement, unknown[]] => [BATCH_CARDS, found(batch)]
const BATCH_CARDS: Statement = {
  name: 'search-batch',
  text: `
    select ${CARD}, h.seq, h.score, s.sells,
      case when h.id is null then (select max(seq) from listings) end as newest
    from ${FIND} h left join listings l on l.id = h.id left join sellers s on s.id = l.seller_id
    order by h.score desc nulls last, h.seq desc`, // a small table is joined the other way round
}

/** Searches that are nothing but a number each, all at once; `at` is the search's place among them. */
export const numberCards = (wanted: Wanted[], limit: number): [Statement, unknown[]] => [
  NUMBER_CARDS,
  [wanted.map(({ words }) => words[0]), wanted.map(({ keys }) => keys[0]), limit],
]
const NUMBER_CARDS: Statement = {
  name: 'search-numbers',
  text: `
    select h.at, h.score, h.found, (select max(seq) from listings) as newest, ${CARD}, l.seq
    from find_numbers($1, $2, $3) h join listings l on l.id = h.id join sellers s on s.id = l.seller_id
    order by h.at, h.score desc, h.seq desc`,
}

/** At most a thousand of what is found, newest first, counted by what they are. What is no approved seller's is not. */
export const facetCounts = (batch: Batch): [Statement, unknown[]] => [FACET_COUNTS, found(batch)]
const FACET_COUNTS: Statement = {
  name: 'search-facets',
  text: `
    select grouping(category_id, brand, condition) as set, category_id as category, brand, condition,
      count(l.id)::integer as count, count(h.id)::integer as looked,
      min(price_halalas) as lowest, max(price_halalas) as highest, min(h.seq) filter (where h.id is null) as rest
    from ${FIND} h
    left join (listings l join sellers s on s.id = l.seller_id and s.sells) on l.id = h.id
    group by grouping sets ((category_id), (brand), (condition), ())`,
}

/** The same filters as conditions, for statements that walk an index in order instead. */
const conditions = (first: number) => {
  const [condition, from, to, seller, inStock, featuredAt] = Array.from(
    { length: 6 },
    (_, n) => `$${first + n}`,
  )
  return `l.status = 'ACTIVE'
    and (${condition}::text is null or l.condition = ${condition})
    and (${from}::bigint is null or l.price_halalas >= ${from})
    and (${to}::bigint is null or l.price_halalas <= ${to})
    and (${seller}::uuid is null or l.seller_id = ${seller})
    and (not ${inStock}::boolean or l.stock > 0)
    and (${featuredAt}::timestamptz is null or l.featured_until > ${featuredAt})`
}

const OF_ENGINE = `($7::text is null or exists (
      select from listing_fitments f
      join engines e on e.id = $7 join models m on m.id = e.model_id
      where f.listing_id = l.id and (f.engine_id = e.id or f.engine_id is null
        and (f.model_id = m.id or f.model_id is null and f.make_id = m.make_id)) offset 0))`

/** Everything on sale, newest first, below a seq. */
export const newestCards = (
  filters: Filters,
  below: number | null,
  limit: number,
): [Statement, unknown[]] => {
  if (isUnfiltered(filters)) return [newestOfAll(limit), [below ?? HIGHEST_SEQ]]
  return [filters.seller ? NEWEST_OF_SELLER : NEWEST, [...filterValues(filters), below, limit]]
}
const HIGHEST_SEQ = '9223372036854775807'
export const isUnfiltered = (filters: Filters) =>
  filterValues(filters).every(value => value === null || value === false)

/**
 * The page everybody begins with. A limit that stands in the text (a whole number, at most a page and one) lets the
 * plan be kept: with one that is a parameter, planning anew always looks cheaper, and takes longer than reading.
 */
const newestOfAll = (limit: number): Statement => ({
  name: `search-newest-${limit}`,
  text: `${CARDS} where l.status = 'ACTIVE' and l.seq < $1 order by l.seq desc limit ${Math.trunc(limit)}`,
})

// an engine is asked for with its car, and that is looked for by a key: not here
const walk = `${CARDS} where ${conditions(1)} and $7::text is null and l.seq < coalesce($8, 9223372036854775807)
  order by l.seq desc limit $9`
const NEWEST: Statement = { name: 'search-newest', text: walk }
const NEWEST_OF_SELLER: Statement = {
  name: 'search-newest-of-seller',
  text: walk.replace('($4::uuid is null or l.seller_id = $4)', 'l.seller_id = $4'),
}

/**
 * By price. Unnamed, so that it is planned for its values: where many listings match, walking the prices finds a
 * page soonest; where few do, finding them all and sorting.
 */
export function pricedCards(
  wanted: Wanted | null,
  filters: Filters,
  direction: 'asc' | 'desc',
  after: { price: number; seq: number } | null,
  limit: number,
): [Statement, unknown[]] {
  const beyond = direction === 'asc' ? '>' : '<'
  const text = `${CARDS} where ${conditions(1)} and ${OF_ENGINE}
    ${wanted ? 'and l.search @@ compile_search($11::text[], $12::text[])' : ''}
    and ($8::bigint is null or (l.price_halalas, l.seq) ${beyond} ($8, $9))
    order by l.price_halalas ${direction}, l.seq ${direction} limit $10`
  return [
    { text },
    [
      ...filterValues(filters),
      after?.price ?? null,
      after?.seq ?? null,
      limit,
      ...(wanted ? [wanted.words, wanted.keys] : []),
    ],
  ]
}

/** The words and keys that are in the most listings, as the last ANALYZE counted them. */
export const COMMON: Statement = {
  text: `
    select unnest(most_common_elems::text::text[]) as lexeme from pg_stats
    where schemaname = 'public' and tablename = 'listings' and attname = 'search'`,
}
