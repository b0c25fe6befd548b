import { createDatabase, type Db } from '../database.js'
import { INDEXES } from './list.js'
import { declaredBodies, type StandingIndex, standingIndexes } from './standing.js'

export type IndexRow = Omit<StandingIndex, 'body' | 'builtBy'> & {
  isDeclared: boolean
  /** `missing`: declared and not there. `changed`: there, but not as it is declared. */
  state: 'valid' | 'building' | 'invalid' | 'missing' | 'changed' | 'awaiting'
}
/** The first three want `indexes:create`; the others are for a person to think about. */
export type FindingKind = 'missing' | 'invalid' | 'changed' | 'unused' | 'duplicate' | 'foreign-key'
export type IndexFinding = { kind: FindingKind; table: string; index: string; detail: string; mend: string }
export type IndexStatus = {
  indexes: IndexRow[]
  findings: IndexFinding[]
  /** Since when scans are counted; null: since the server was made. */
  countedSince: Date | null
}

/** Below this a table is read through as quickly as its index would be. */
const SMALL_TABLE = 1_000
const CREATE = 'cargoparts indexes:create'

/** How every index stands, and what could be better. Reads the catalogue; writes nothing that stays. */
export async function indexStatus(ownerUrl: string): Promise<IndexStatus> {
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-indexes',
    poolMin: 0,
    poolMax: 2,
    acquireMs: 20_000,
    statementMs: 60_000,
  })
  try {
    const standing = await standingIndexes(db)
    const rows = await rowsOf(db, standing)
    return {
      indexes: rows,
      findings: [
        ...rows.flatMap(broken),
        ...standing.flatMap(unused),
        ...(await duplicates(db)),
        ...(await foreignKeys(db)),
      ],
      countedSince: await countedSince(db),
    }
  } finally {
    await db.destroy()
  }
}

async function rowsOf(db: Db, standing: StandingIndex[]): Promise<IndexRow[]> {
  const bodies = await declaredBodies(db, INDEXES)
  const byName = new Map(standing.map(index => [index.name, index]))
  const declared = INDEXES.map(({ name, table, unique = false }): IndexRow => {
    const found = byName.get(name)
    const body = bodies.get(name)
    const nothing = {
      name,
      table,
      isUnique: unique,
      isValid: false,
      isConstraint: false,
      bytes: 0,
      scans: 0,
      rows: 0,
    }
    if (!body || 'lacks' in body) return { ...nothing, isDeclared: true, state: 'awaiting' }
    if (!found) return { ...nothing, isDeclared: true, state: 'missing' }
    const isSame = found.table === table && found.body === body.body
    return { ...bare(found), isDeclared: true, state: stateOf(found, isSame) }
  })
  const names = new Set(INDEXES.map(({ name }) => name))
  const others = standing
    .filter(({ name }) => !names.has(name))
    .map((found): IndexRow => ({ ...bare(found), isDeclared: false, state: stateOf(found, true) }))
  return [...declared, ...others]
}

const bare = ({ body: _body, builtBy: _builtBy, ...row }: StandingIndex) => row

function stateOf({ isValid, builtBy }: StandingIndex, isSame: boolean): IndexRow['state'] {
  if (builtBy !== null) return 'building'
  if (!isValid) return 'invalid'
  return isSame ? 'valid' : 'changed'
}

function broken({ name, table, state, isDeclared }: IndexRow): IndexFinding[] {
  if (state === 'missing')
    return [{ kind: 'missing', table, index: name, detail: 'declared, and not there', mend: CREATE }]
  if (state === 'changed')
    return [
      { kind: 'changed', table, index: name, detail: 'declared otherwise since it was built', mend: CREATE },
    ]
  if (state !== 'invalid') return []
  const mend = isDeclared ? CREATE : `drop index concurrently ${name}`
  return [
    {
      kind: 'invalid',
      table,
      index: name,
      detail: 'left by a build that was cut short: costs writes, serves nothing',
      mend,
    },
  ]
}

function unused({
  name,
  table,
  scans,
  rows,
  isConstraint,
  isUnique,
  isValid,
}: StandingIndex): IndexFinding[] {
  if (scans > 0 || isConstraint || isUnique || !isValid || rows < SMALL_TABLE) return []
  const detail = `no query has used it, on ${rows.toLocaleString('en')} rows`
  return [
    {
      kind: 'unused',
      table,
      index: name,
      detail,
      mend: 'wait for a month of real use, then take it off the list',
    },
  ]
}

/**
 * Of two indexes of one kind, predicate and expressions, the one whose columns are the beginning of the other's. A unique
 * one is never the needless one: it promises something.
 */
const DUPLICATES = `
  with shape as (
    select c.relname as name, t.relname as "table", i.indexrelid, i.indrelid, c.relam, i.indisunique,
      coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate, coalesce(pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
      array(select k || ':' || o || ':' || l || ':' || n from unnest(i.indkey::smallint[], i.indclass::oid[], i.indcollation::oid[],
        i.indoption::smallint[]) with ordinality u(k, o, l, n, at) where at <= i.indnkeyatts order by at) as keys
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and i.indisvalid
  )
  select less.name, less."table", more.name as other, less.keys = more.keys as same
  from shape less join shape more on more.indrelid = less.indrelid and more.indexrelid <> less.indexrelid
    and more.relam = less.relam and more.predicate = less.predicate and more.expressions = less.expressions
    and more.keys[1:cardinality(less.keys)] = less.keys and not less.indisunique
    and (less.keys <> more.keys or more.indisunique or less.indexrelid > more.indexrelid)
  order by 2, 1, 3`

async function duplicates(db: Db): Promise<IndexFinding[]> {
  type Row = { name: string; table: string; other: string; same: boolean }
  const { rows } = await db.raw<{ rows: Row[] }>(DUPLICATES)
  const kept = new Map(INDEXES.map(({ name, besides = [] }) => [name, besides]))
  return rows.map(({ name, table, other, same }) => ({
    kind: 'duplicate',
    table,
    index: name,
    detail: same ? `the same as ${other}` : `its columns are the beginning of ${other}`,
    mend: kept.get(name)?.includes(other) ? 'stays, as decided' : `drop index concurrently ${name}`,
  }))
}

/** A delete or a change of the referenced row looks for those that point to it: without an index, through the whole table. */
const FOREIGN_KEYS = `
  select k.conname as name, t.relname as "table", t.reltuples::bigint as rows,
    array_to_string(array(select a.attname from unnest(k.conkey) with ordinality u(num, at)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by at), ', ') as columns,
    k.confrelid::regclass::text as target
  from pg_constraint k join pg_class t on t.oid = k.conrelid
  where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.conparentid = 0
    and not exists (
      select from pg_index i
      where i.indrelid = k.conrelid and i.indisvalid
        and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
        and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))
  order by 2, 1`

async function foreignKeys(db: Db): Promise<IndexFinding[]> {
  type Row = { name: string; table: string; rows: number; columns: string; target: string }
  const { rows: found } = await db.raw<{ rows: Row[] }>(FOREIGN_KEYS)
  return found.map(({ name, table, rows, columns, target }) => ({
    kind: 'foreign-key',
    table,
    index: name,
    detail: `(${columns}) points to ${target} without an index, on ${Math.max(0, rows).toLocaleString('en')} rows`,
    mend: `declare one on ${table} (${columns}), if rows of ${target} are deleted or looked up by it`,
  }))
}

async function countedSince(db: Db): Promise<Date | null> {
  const { rows } = await db.raw<{ rows: { at: Date | null }[] }>(
    'select stats_reset as at from pg_stat_database where datname = current_database()',
  )
  return rows[0]?.at ?? null
}
