import { LIMITS } from './courses.js'
import { median, pairedRatio, total } from './figures.js'
import type { Round } from './rounds.js'

/** The rounds of a target or a limit in one line. */
export type CourseFigures = {
  name: string
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** To "Koa with one prepared row", and to Koa's hello, which no catalogue makes slower. */
  toRow: number
  toHello: number
  apiMib?: number
  statements?: number
  failed: number
  broken: number
}

export function summary(rounds: ReadonlyMap<string, readonly Round[]>): CourseFigures[] {
  const speeds = (name: string) => (rounds.get(name) ?? []).map(round => round.perSecond)
  return [...rounds].map(([name, own]) => ({
    name,
    perSecond: median(speeds(name)),
    p50Ms: median(own.map(round => round.p50Ms)),
    p99Ms: median(own.map(round => round.p99Ms)),
    toRow: pairedRatio(speeds(name), speeds(LIMITS.row)),
    toHello: pairedRatio(speeds(name), speeds(LIMITS.hello)),
    ...ofTheApi(own),
    failed: total(own.map(round => round.failed)),
    broken: total(own.map(round => round.broken)),
  }))
}

/** Memory is the most of all rounds. */
function ofTheApi(rounds: readonly Round[]): { apiMib?: number; statements?: number } {
  const mib = rounds.flatMap(({ apiMib }) => (apiMib === undefined ? [] : [apiMib]))
  const counted = rounds.flatMap(({ statements }) => (statements === undefined ? [] : [statements]))
  return {
    ...(mib.length > 0 ? { apiMib: Math.max(...mib) } : {}),
    ...(counted.length > 0 ? { statements: median(counted) } : {}),
  }
}
