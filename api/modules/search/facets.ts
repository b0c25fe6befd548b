import type { Reads } from '../../platform/reads.js'
import { compile, type Part } from './query-text.js'
import { type Filters, facetCounts } from './statements.js'

export type FacetCount = { value: string; count: number }
export type Facets = {
  /** False: there is more than was counted, and these are the counts of the newest thousand or so. */
  isComplete: boolean
  count: number
  price: { lowest: number; highest: number } | null
  categories: FacetCount[]
  brands: FacetCount[]
  conditions: FacetCount[]
}

export const NO_FACETS: Facets = {
  isComplete: true,
  count: 0,
  price: null,
  categories: [],
  brands: [],
  conditions: [],
}

const COUNTED = 1_000
const MOST_BRANDS = 20

type Row = {
  category: string | null
  brand: string | null
  condition: string | null
  count: number
  /** With those of suspended sellers. */
  looked: number
  lowest: number | null
  highest: number | null
  rest: number | null
  set: number
}

/** How many of what is found are in each category, of each brand, in each condition. */
export async function countFacets(
  reads: Reads,
  parts: readonly Part[],
  filters: Filters,
  isRare: boolean,
): Promise<Facets> {
  const [statement, values] = facetCounts({
    wanted: compile(parts),
    filters,
    isRare,
    isRanked: false,
    start: null,
    after: null,
    limit: COUNTED,
    enough: COUNTED,
  })
  const rows = await reads<Row>(statement, values)
  const total = rows.find(row => row.set === TOTAL) as Row
  const { count, looked, lowest, highest } = total
  return {
    isComplete: total.rest === -1 && looked < COUNTED,
    count,
    price: lowest === null || highest === null ? null : { lowest, highest },
    categories: counts('category'),
    brands: counts('brand')
      .filter(({ value }) => value !== '')
      .slice(0, MOST_BRANDS),
    conditions: counts('condition'),
  }

  function counts(name: keyof typeof SETS & keyof Row): FacetCount[] {
    return rows
      .filter(row => row.set === SETS[name] && row[name] !== null)
      .map(row => ({ value: row[name] as string, count: row.count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
}

/** What PostgreSQL's grouping(category, brand, condition) says of each set. */
const SETS = { category: 0b011, brand: 0b101, condition: 0b110 }
const TOTAL = 0b111
