import type { Knex } from 'knex'

/** Every table's row count and the checksum of its rows, and where every sequence stands. */
export async function fingerprint(db: Knex): Promise<Record<string, string>> {
  const marks: Record<string, string> = {}
  const tables: string[] = await db('pg_tables')
    .where({ schemaname: 'public' })
    .orderBy('tablename')
    .pluck('tablename')
  for (const table of tables) {
    const { rows } = await db.raw<{ rows: { mark: string }[] }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as mark from ?? t`,
      [table],
    )
    marks[table] = rows[0]?.mark ?? ''
  }
  const sequences = await db('pg_sequences')
    .where({ schemaname: 'public' })
    .select('sequencename', 'last_value')
  for (const { sequencename, last_value } of sequences) marks[sequencename] = `at ${last_value}`
  return marks
}
