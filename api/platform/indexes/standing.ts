import type { Db } from '../database.js'
import type { IndexSpec } from './spec.js'

/** An index as it stands in the database. */
export type StandingIndex = {
  name: string
  table: string
  /** From `USING` on: what tells two indexes of a table apart, whatever they are called. */
  body: string
  isUnique: boolean
  /** False: left behind by a build that was cut short, or being built right now. Costs every write, serves no query. */
  isValid: boolean
  /** It is the schema's promise (primary key, unique, exclusion), or what ON CONFLICT stands on. */
  isConstraint: boolean
  bytes: number
  /** How often a query has used it since the statistics began. */
  scans: number
  /** Rows of its table, as the last ANALYZE guessed; -1 where there was none. */
  rows: number
  builtBy: number | null
}

export async function standingIndexes(db: Db): Promise<StandingIndex[]> {
  const { rows } = await db.raw<{ rows: StandingIndex[] }>(`
    select c.relname as name, t.relname as "table", substring(pg_get_indexdef(c.oid) from ' USING .*') as body,
      i.indisunique as "isUnique", i.indisvalid and i.indisready as "isValid",
      exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) as "isConstraint",
      pg_relation_size(c.oid) as bytes, coalesce(s.idx_scan, 0) as scans, t.reltuples::bigint as rows,
      (select p.pid from pg_stat_progress_create_index p where p.index_relid = c.oid limit 1) as "builtBy"
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_all_indexes s on s.indexrelid = c.oid
    where n.nspname = 'public' and t.relkind in ('r', 'p')
    order by t.relname, c.relname`)
  return rows
}

/** Where its table or a column of it is not there (yet): a migration will bring it. */
export type Declared = { body: string } | { lacks: string }

/**
 * What PostgreSQL makes of each declaration, to hold it against what stands: both in PostgreSQL's own words. It builds
 * them on empty temporary copies of the tables, and takes those back.
 */
export async function declaredBodies(db: Db, specs: readonly IndexSpec[]): Promise<Map<string, Declared>> {
  const bodies = new Map<string, Declared>()
  await db
    .transaction(async trx => {
      const { rows: tables } = await trx.raw<{ rows: { name: string }[] }>(
        `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
      )
      const there = new Set(tables.map(({ name }) => name))
      const copies = new Map<string, string>()
      for (const [at, spec] of specs.entries()) {
        if (!there.has(spec.table)) {
          bodies.set(spec.name, { lacks: `the table ${spec.table}` })
          continue
        }
        let copy = copies.get(spec.table)
        if (copy === undefined) {
          copy = `cargoparts_probe_${at}`
          copies.set(spec.table, copy)
          await trx.raw('create temporary table ?? (like public.??)', [copy, spec.table])
        }
        bodies.set(spec.name, await bodyOn(trx, copy, spec))
      }
      throw new Done()
    })
    .catch(error => {
      if (!(error instanceof Done)) throw error
    })
  return bodies
}

class Done extends Error {}

const UNDEFINED_COLUMN = '42703'

async function bodyOn(trx: Db, copy: string, { on }: IndexSpec): Promise<Declared> {
  const probe = `${copy}_index`
  try {
    return await trx.transaction(async inner => {
      await inner.raw(`create index ${probe} on ${copy} ${on}`)
      const { rows } = await inner.raw<{ rows: { body: string }[] }>(
        `select substring(pg_get_indexdef('${probe}'::regclass) from ' USING .*') as body`,
      )
      await inner.raw(`drop index ${probe}`)
      return { body: rows[0]?.body ?? '' }
    })
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_COLUMN) throw error
    return { lacks: /column "[^"]*"/.exec((error as Error).message)?.[0] ?? 'a column' }
  }
}
