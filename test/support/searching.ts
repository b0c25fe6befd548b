import { expect } from 'chai'
import type { ListingFields } from '../../api/modules/listings/listing-service.js'
import type { TestContext } from './context.js'

export type Query = Record<string, string | number | boolean>
export type Card = {
  id: string
  title: { ar: string; en: string }
  price: { amount: number }
  brand: string
}

/** The API's search, as a test asks it. */
export function searching(t: TestContext) {
  async function results(query: Query) {
    const text = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    )
    const answer = await t.get(`/api/v1/listings?${text}`)
    expect(answer.status, answer.text).to.equal(200)
    return answer.body as { items: Card[]; nextCursor: string | null; isMended: boolean; facets?: Facets }
  }

  const ids = async (query: Query): Promise<string[]> => (await results(query)).items.map(({ id }) => id)

  /** All pages of a search, one after the other. */
  async function pages(query: Query, most = 1_000): Promise<Card[][]> {
    const seen: Card[][] = []
    let cursor: string | null = null
    do {
      const page = await results(cursor === null ? query : { ...query, cursor })
      seen.push(page.items)
      cursor = page.nextCursor
    } while (cursor !== null && seen.length < most)
    expect(cursor, 'there was no end').to.equal(null)
    return seen
  }

  return { results, ids, pages }
}

/** Listings by names of the test's own; `found` says which of them a search finds, in the order they come. */
export function aShelf<Name extends string>(t: TestContext, things: Record<Name, Partial<ListingFields>>) {
  const idOf = {} as Record<Name, string>
  before(async () => {
    for (const [name, over] of Object.entries(things) as [Name, Partial<ListingFields>][]) {
      const plain = { brand: '', partNumber: `NONE-${name}`, categoryId: 'accessories-tools' }
      idOf[name] = (await t.accounts.listing({ ...plain, ...over })).id
    }
  })
  const nameOf = (id: string): Name => Object.entries(idOf).find(([, own]) => own === id)?.[0] as Name
  const { results } = searching(t)
  return {
    idOf,
    async found(query: Query | string): Promise<Name[]> {
      const { items } = await results(typeof query === 'string' ? { q: query } : query)
      return items.map(({ id }) => nameOf(id))
    },
    isMended: async (q: string): Promise<boolean> => (await results({ q })).isMended,
  }
}

type Count = { value: string; count: number }
type Facets = {
  isComplete: boolean
  count: number
  price: { lowest: number; highest: number } | null
  categories: Count[]
  brands: Count[]
  conditions: Count[]
}
