import { AppError } from './errors.js'

const MAX_IDS = 1_000

/**
 * Rows by id, as a map: an id that is not there is not in the map, and the caller says what that means.
 * Each id is asked for once; the number is bounded.
 */
export async function loadByIds<T extends { id: string }>(
  ids: Iterable<string>,
  fetch: (ids: string[]) => PromiseLike<T[]>,
): Promise<Map<string, T>> {
  const wanted = [...new Set(ids)]
  if (wanted.length > MAX_IDS) {
    throw new AppError(
      'internal',
      'internal',
      `a batch of ${wanted.length} ids is over the limit of ${MAX_IDS}`,
    )
  }
  const rows = wanted.length === 0 ? [] : await fetch(wanted)
  return new Map(rows.map(row => [row.id, row]))
}
