import type { Knex } from 'knex'

export type Row = Record<string, unknown>

/**
 * Adds the rows whose key is not there yet and gives back those it added. Rows that are there stay as they
 * are, and are not sent at all: a conflict would still draw a number from the table's sequences.
 */
export async function addMissing(
  trx: Knex.Transaction,
  table: string,
  rows: readonly Row[],
  key: string[] = ['id'],
): Promise<Row[]> {
  const keyOf = (row: Row) => key.map(column => row[column]).join()
  const keys = rows.map(row => key.map(column => row[column] as string)) // every key column is text or uuid
  const present = keySet(await trx<Row>(table).select(key).whereIn(key, keys), keyOf)
  const missing = rows.filter(row => !present.has(keyOf(row)))
  if (missing.length === 0) return []
  // another seeder may have been faster since
  const added = keySet(await trx<Row>(table).insert(missing).onConflict(key).ignore().returning(key), keyOf)
  return missing.filter(row => added.has(keyOf(row)))
}

function keySet(rows: readonly Row[], keyOf: (row: Row) => string): Set<string> {
  return new Set(rows.map(keyOf))
}
