import type { Knex } from 'knex'
import { addMissing, type Row } from './add-missing.js'

/**
 * Brings reference rows to what this release says: new rows are added, and the words people search with
 * follow. Names an operator changed since stay as they are. Gives the number of rows that changed.
 */
export async function put(trx: Knex.Transaction, table: string, rows: readonly Row[]): Promise<number> {
  const added = await addMissing(trx, table, rows)
  const known = rows.filter(row => !added.includes(row))
  if (known.length === 0) return added.length
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `update ?? as kept set words = given.words from jsonb_to_recordset(?) as given (id text, words text[])
     where kept.id = given.id and kept.words <> given.words`,
    [table, JSON.stringify(known)],
  )
  return added.length + rowCount
}
