import type { Db } from '../../platform/database.js'
import type { CatalogueService } from '../catalogue/catalogue-service.js'
import { conceptsOf, keysOf } from './fitment.js'
import type { DetailRow } from './listing-presenter.js'
import { DETAIL } from './listing-queries.js'
import { addVocabulary } from './vocabulary.js'

export type RefreshProgress = (done: number, total: number) => void

const PAGE = 500
const NEXT = `${DETAIL.text.slice(0, DETAIL.text.indexOf('where l.id =')).replace('select', 'select l.keys, l.seq,')}
  where l.seq > ? order by l.seq limit ${PAGE}`

/**
 * Gives every listing the keys that today's reference data finds in its titles, and learns its words anew: after a
 * release that knows more words. Page by page, each on its own; a listing that is edited meanwhile is left to its
 * edit. Safe to interrupt and to repeat. Returns how many changed.
 */
export async function refreshListings(
  db: Db,
  catalogue: CatalogueService,
  onProgress: RefreshProgress,
): Promise<number> {
  const lexicon = await catalogue.lexicon()
  const { last } = (await db('listings').max('seq as last').first()) as { last: number | null }
  let changed = 0
  for (let after = 0; ; ) {
    const { rows } = await db.raw<{ rows: (DetailRow & { keys: string[]; seq: number })[] }>(NEXT, [after])
    const [end] = rows.slice(-1)
    if (!end) return changed
    const stale = rows
      .map(row => ({
        id: row.id,
        updated_at: row.updatedAt,
        was: row.keys,
        keys: keysOf(row.fits, row.crossReferences, conceptsOf(lexicon, row), row.categoryId),
      }))
      .filter(({ was, keys }) => was.join() !== keys.join())
    if (stale.length > 0) changed += await write(db, stale)
    await addVocabulary(
      db,
      rows
        .filter(({ state }) => state === 'ACTIVE' || state === 'SOLD_OUT')
        .map(row => ({
          ...row,
          numbers: [row.partNumber, ...row.crossReferences.map(({ number }) => number)],
        })),
    )
    after = end.seq
    onProgress(after, last ?? after)
  }
}

async function write(db: Db, rows: { id: string; updated_at: Date; keys: string[] }[]): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    // a timestamp comes to us in milliseconds, and is kept in microseconds
    `update listings l set keys = given.keys
     from jsonb_to_recordset(?) as given (id uuid, updated_at timestamptz, keys text[])
     where l.id = given.id and date_trunc('milliseconds', l.updated_at) = given.updated_at`,
    [JSON.stringify(rows)],
  )
  return rowCount
}
