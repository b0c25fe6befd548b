import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { COLUMNS, type Lines } from './rows.js'

/** One chunk, whole or not at all. */
export async function copyChunk(client: pg.Client, lines: Lines): Promise<void> {
  await client.query('begin')
  try {
    await copy(client, 'listings', lines.listings)
    await copy(client, 'listing_fitments', lines.fitments)
    await copy(client, 'listing_numbers', lines.numbers)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

export async function copy(
  client: pg.Client,
  table: keyof typeof COLUMNS | string,
  lines: string,
  columns = COLUMNS[table as keyof typeof COLUMNS],
): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table} (${columns}) from stdin`))
  if (!stream.write(lines)) await once(stream, 'drain')
  stream.end()
  await finished(stream)
}
