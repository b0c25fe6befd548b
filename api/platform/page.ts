import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from './errors.js'

export const PAGE_DEFAULT = 20
export const PAGE_MAX = 100

export type Page<T> = { items: T[]; nextCursor: string | null }
export type PageRequest = { limit: number; cursor?: string | undefined }

export type Cursors = ReturnType<typeof createCursors>

/**
 * Cursors name the last row seen (keyset), are signed, and are good for the list that gave them only: a
 * foreign or altered one is refused instead of silently paging through something else.
 */
export function createCursors(secret: () => string) {
  const sign = (list: string, position: string) =>
    createHmac('sha256', secret()).update(`cursor\n${list}\n${position}`).digest().subarray(0, 12)

  return {
    encode(list: string, position: string): string {
      return Buffer.concat([sign(list, position), Buffer.from(position, 'utf8')]).toString('base64url')
    },

    decode(list: string, cursor: string): string {
      const bytes = Buffer.from(cursor, 'base64url')
      const position = bytes.subarray(12).toString('utf8')
      const given = bytes.subarray(0, 12)
      if (
        given.length === 12 &&
        bytes.toString('base64url') === cursor &&
        timingSafeEqual(given, sign(list, position))
      ) {
        return position
      }
      throw new AppError('malformed', 'request.bad_cursor', 'The cursor does not belong to this list.', {
        errors: [{ pointer: '?cursor', detail: 'cursor.foreign' }],
      })
    },

    /** Cuts a page out of `limit + 1` rows: the extra one only tells that there is more. */
    page<T>(list: string, rows: T[], limit: number, positionOf: (row: T) => string): Page<T> {
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items, nextCursor: more ? this.encode(list, positionOf(last)) : null }
    },
  }
}

/** Walks a whole table in keyset pages, for exports: flat memory however long it is. */
export async function* walk<T>(
  fetch: (after: string | undefined, limit: number) => Promise<T[]>,
  positionOf: (row: T) => string,
  size = 100,
): AsyncGenerator<T> {
  let after: string | undefined
  for (;;) {
    const rows = await fetch(after, size)
    yield* rows
    const last = rows.at(-1)
    if (rows.length < size || last === undefined) return
    after = positionOf(last)
  }
}
