import { atMost, MARKS, type Verdict } from './marks.js'
import type { SizeFigures } from './size.js'

/** How many times slower something is at the larger size. */
export type Growth = { name: string; times: number; verdict: Verdict }
export type QueryGrowth = { query: string; smallMs: number; largeMs: number; times: number }

/** By each size's ratio to Koa's hello of the same rounds, so that a slower hour of the machine is not growth. */
export function targetGrowth(small: SizeFigures, large: SizeFigures): Growth[] {
  return Object.entries(MARKS.growth).map(([name, mark]) => {
    const at = ({ targets }: SizeFigures) =>
      targets.find(target => target.name === name)?.toHello ?? Number.NaN
    const times = at(small) / at(large)
    return { name, times, verdict: atMost(times, mark, '×') }
  })
}

/** Every query alone, the worst first. */
export function queryGrowth(small: SizeFigures, large: SizeFigures): QueryGrowth[] {
  const before = new Map(small.queries.map(({ query, ms }) => [query, ms]))
  return large.queries
    .map(({ query, ms }) => {
      const smallMs = before.get(query) ?? Number.NaN
      return { query, smallMs, largeMs: ms, times: ms / smallMs }
    })
    .sort((a, b) => b.times - a.times)
}

export const tooSlow = (growths: readonly QueryGrowth[]): number =>
  growths.filter(({ times }) => !(times <= MARKS.queryGrowth)).length
