import { setTimeout as wait } from 'node:timers/promises'
import { progressBar } from './progress.js'

/**
 * One after the other, so many a second at most, with progress on stderr. Ctrl-C ends it between two: what was
 * done is done, and the same command goes on with the rest.
 */
export async function paced<T>(
  items: readonly T[],
  perSecond: number,
  unit: string,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const bar = progressBar(items.length, unit)
  const started = performance.now()
  try {
    for (const [at, item] of items.entries()) {
      const due = started + (at * 1_000) / perSecond
      const early = due - performance.now()
      if (early > 0) await wait(early)
      await work(item)
      bar.at(at + 1)
    }
  } finally {
    bar.end()
  }
}
