import type { Locale } from '../../../http/locale.js'
import { detailOf } from '../../../http/problem-texts.js'
import { toAppError } from '../../../platform/driver-errors.js'
import type { Outcome, RowResult } from './chunk.js'

export type Summary = Record<Outcome, number>

export const emptySummary = (): Summary => ({ created: 0, updated: 0, unchanged: 0, failed: 0, skipped: 0 })

/** Counts a chunk's rows in. */
export function addTo(summary: Summary, results: readonly RowResult[]): void {
  for (const { outcome } of results) summary[outcome] += 1
}

/**
 * The report as it goes over the wire, a chunk's lines at a time. What stops it halfway can no longer be a status:
 * it is the last line, and so is the summary where all went well.
 */
export async function* reportLines(
  chunks: AsyncIterable<RowResult[]>,
  locale: Locale,
): AsyncGenerator<string> {
  const summary = emptySummary()
  try {
    for await (const results of chunks) {
      addTo(summary, results)
      yield results.map(asLine).join('')
    }
    yield asLine({ summary })
  } catch (thrown) {
    const error = toAppError(thrown)
    yield asLine({ error: { code: error.code, detail: detailOf(error, locale) } })
  }
}

const asLine = (value: unknown): string => `${JSON.stringify(value)}\n`
