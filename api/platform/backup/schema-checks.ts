import { createDatabase, type Db } from '../database.js'
import { indexStatus } from '../indexes/status.js'
import { migrationStatus } from '../migrations/source.js'
import { countRows, type Manifest } from './backup.js'
import type { Check } from './check.js'

/** Whether the schema is whole, and where a copy's manifest is given, whether it came back as it was copied. */
export async function checkSchema(ownerUrl: string, manifest: Manifest | null): Promise<Check[]> {
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-verify',
    poolMin: 0,
    poolMax: 1,
    acquireMs: 20_000,
    statementMs: 600_000,
  })
  try {
    return [
      await migrations(db, manifest),
      ...(manifest ? [await rows(db, manifest)] : []),
      await indexes(ownerUrl),
      await constraints(db),
      await sequences(db),
    ]
  } finally {
    await db.destroy()
  }
}

async function migrations(db: Db, manifest: Manifest | null): Promise<Check> {
  const { applied, pending, unknown } = await migrationStatus(db)
  const lost = (manifest?.migrations ?? []).filter(name => !applied.includes(name))
  const told = [
    `${applied.length} applied`,
    ...(pending.length > 0 ? [`${pending.length} waiting: run db:migrate`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} of a newer release`] : []),
    ...(lost.length > 0 ? [`lost: ${lost.join(', ')}`] : []),
  ]
  return { name: 'migrations', isGood: lost.length === 0 && applied.length > 0, detail: told.join('; ') }
}

async function rows(db: Db, manifest: Manifest): Promise<Check> {
  const now = await countRows(db)
  const names = [...new Set([...Object.keys(now), ...Object.keys(manifest.rows)])]
  const other = names.filter(name => now[name] !== manifest.rows[name])
  const all = Object.values(now).reduce((sum, count) => sum + count, 0)
  return {
    name: 'rows',
    isGood: other.length === 0,
    detail:
      other.length === 0
        ? `${all.toLocaleString('en')} in ${names.length} tables, as copied`
        : other
            .map(name => `${name}: ${now[name] ?? 'none'} instead of ${manifest.rows[name] ?? 'none'}`)
            .join('; '),
  }
}

async function indexes(ownerUrl: string): Promise<Check> {
  const { findings, indexes } = await indexStatus(ownerUrl)
  const broken = findings.filter(({ kind }) => kind === 'missing' || kind === 'invalid' || kind === 'changed')
  return {
    name: 'indexes',
    isGood: broken.length === 0,
    detail:
      broken.length === 0
        ? `${indexes.filter(({ isValid }) => isValid).length} valid`
        : `${broken.map(({ index, kind }) => `${index} ${kind}`).join(', ')}: run indexes:create`,
  }
}

async function constraints(db: Db): Promise<Check> {
  const { rows } = await db.raw<{ rows: { name: string; good: boolean }[] }>(
    `select conname as name, convalidated as good from pg_constraint where connamespace = 'public'::regnamespace`,
  )
  const loose = rows.filter(({ good }) => !good).map(({ name }) => name)
  return {
    name: 'constraints',
    isGood: loose.length === 0,
    detail: loose.length === 0 ? `${rows.length} hold` : `not validated: ${loose.join(', ')}`,
  }
}

/** A counter behind its column gives out a number twice. */
async function sequences(db: Db): Promise<Check> {
  const { rows: columns } = await db.raw<{ rows: { table: string; column: string; sequence: string }[] }>(
    `select c.relname as "table", a.attname as "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attidentity <> ''`,
  )
  const behind: string[] = []
  for (const { table, column, sequence } of columns) {
    const { rows } = await db.raw<{ rows: { behind: boolean }[] }>(
      `select coalesce((select max(??) from public.??) > (select last_value from ${sequence}), false) as behind`,
      [column, table],
    )
    if (rows[0]?.behind) behind.push(`${table}.${column}`)
  }
  return {
    name: 'counters',
    isGood: behind.length === 0,
    detail: behind.length === 0 ? `${columns.length} ahead of their columns` : `behind: ${behind.join(', ')}`,
  }
}
