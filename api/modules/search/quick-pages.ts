import type { Reads } from '../../platform/reads.js'
import { createTogether } from '../../platform/together.js'
import type { CardRow } from '../listings/listing-presenter.js'
import { type Filters, newestCards, numberCards, type Wanted } from './statements.js'

type NumberRow = CardRow & { at: number; score: number; found: number; newest: number }
type NewestPage = { filters: Filters; below: number | null; limit: number }
type NumberPage = { wanted: Wanted; limit: number }

const MOST_TOGETHER = 50
/** As find_numbers has it. */
const MOST_RANKED = 120

/** The two searches that are asked for most, each one statement for all who ask in the same moment. */
export function createQuickPages(reads: Reads) {
  /** The newest of what is on sale. Who asks for the same is given the same rows. */
  const newest = createTogether(
    async (pages: NewestPage[]) => {
      const asked = new Map<string, Promise<CardRow[]>>()
      const rowsOf = ({ filters, below, limit }: NewestPage): Promise<CardRow[]> => {
        const [statement, values] = newestCards(filters, below, limit)
        const name = JSON.stringify([statement.name, values])
        const rows = asked.get(name) ?? reads<CardRow>(statement, values)
        asked.set(name, rows)
        return rows
      }
      return Promise.all(pages.map(rowsOf))
    },
    { most: MOST_TOGETHER },
  )

  /** What carries a number, best first; undefined where there is more than can be ranked at once. */
  const ofNumber = createTogether(
    async (pages: NumberPage[]) => {
      const most = Math.max(...pages.map(({ limit }) => limit))
      const [statement, values] = numberCards(
        pages.map(({ wanted }) => wanted),
        most,
      )
      const rows = await reads<NumberRow>(statement, values)
      const found = pages.map((): NumberRow[] => [])
      for (const row of rows) found[row.at - 1]?.push(row)
      return pages.map(({ limit }, at) => {
        const own = found[at] ?? []
        return (own[0]?.found ?? 0) > MOST_RANKED ? undefined : own.slice(0, limit)
      })
    },
    { most: MOST_TOGETHER },
  )
  return { newest, ofNumber }
}
