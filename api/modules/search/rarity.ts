import type { Clock } from '../../platform/clock.js'
import { minutes } from '../../platform/clock.js'
import type { Logger } from '../../platform/logger.js'
import type { Reads } from '../../platform/reads.js'
import type { Part } from './query-text.js'
import { COMMON } from './statements.js'

/** A search is rare where one of its parts is. */
export type IsRare = (parts: readonly Part[]) => boolean

const KEPT_MS = minutes(5)

/**
 * Tells searches that probably find few listings from those that may find very many, by the database's own
 * statistics. A guess that only decides where to look first: it may be old, and before the first ANALYZE
 * everything is rare.
 */
export function createRarity({ reads, clock, logger }: { reads: Reads; clock: Clock; logger: Logger }) {
  let common: ReadonlySet<string> = new Set()
  let until = 0

  const isCommon = ({ phrases, keys, isNamed }: Part): boolean =>
    keys.some(key => common.has(key)) || (!isNamed && phrases.some(words => words.every(isCommonWord)))
  /** The statistics count stems: brakes as brake. */
  const isCommonWord = (word: string): boolean =>
    common.has(word) ||
    (/^[a-z]{4}/.test(word) && [1, 2, 3].some(cut => common.has(word.slice(0, -cut)))) ||
    (/^[a-z]{3}.*y$/.test(word) && common.has(word.replace(/y$/, 'i')))

  return (parts: readonly Part[]): boolean => {
    refresh()
    return parts.some(part => !isCommon(part))
  }

  function refresh(): void {
    const now = clock.now().getTime()
    if (now < until) return
    until = now + KEPT_MS
    reads<{ lexeme: string }>(COMMON, []).then(
      rows => {
        common = new Set(rows.map(row => row.lexeme))
      },
      error => logger.warn('rarity_not_refreshed', { error }),
    )
  }
}
