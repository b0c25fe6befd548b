import type { Db } from '../../database.js'

/** A table as it stands in the database that the migration is for. */
export type TableFacts = {
  rows: number
  bytes: number
  /** Column to its type, in PostgreSQL's words. */
  columns: Map<string, string>
  /** Columns that a valid check constraint keeps from being null. */
  neverNull: Set<string>
  /** Check constraints by their names, in PostgreSQL's words. */
  checks: Map<string, string>
}
export type Facts = {
  tables: Map<string, TableFacts>
  indexes: Map<string, string>
  /** Names of functions that give another value for each row. */
  volatile: Set<string>
  functions: Set<string>
  /** Routines that may write, by their names: as CREATE would make them. */
  routines: Map<string, string[]>
}

/** From here on a scan or a rewrite takes longer than callers should wait. */
export const LARGE_ROWS = 10_000
export const LARGE_BYTES = 10 * 2 ** 20

/** `assumedRows`: judge as though every table had so many, where the database at hand is not the live one. */
export async function readFacts(db: Db, assumedRows?: number): Promise<Facts> {
  const [tables, columns, checks, indexes, functions, routines] = await Promise.all([
    rows<{ name: string; rows: number; bytes: number }>(
      db,
      `select relname as name, greatest(reltuples, 0)::bigint as rows, pg_total_relation_size(oid) as bytes from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
    ),
    rows<{ table: string; name: string; type: string }>(
      db,
      `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
    ),
    rows<{ table: string; name: string; says: string; column: string | null }>(
      db,
      `select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as says,
         substring(pg_get_constraintdef(oid) from '^CHECK \\(\\("{0,1}([^()" ]+)"{0,1} IS NOT NULL\\)\\)$') as "column"
       from pg_constraint where connamespace = 'public'::regnamespace and contype = 'c' and convalidated`,
    ),
    rows<{ name: string; table: string }>(
      db,
      `select c.relname as name, t.relname as "table" from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_class t on t.oid = i.indrelid where c.relnamespace = 'public'::regnamespace`,
    ),
    rows<{ name: string; isVolatile: boolean; isOurs: boolean }>(
      db,
      `select proname as name, bool_or(provolatile = 'v') as "isVolatile",
         bool_or(pronamespace = 'public'::regnamespace) as "isOurs" from pg_proc group by 1`,
    ),
    rows<{ name: string; definitions: string[] }>(
      db,
      `select proname as name, array_agg(pg_get_functiondef(p.oid)) as definitions
       from pg_proc p join pg_language l on l.oid = prolang
       where prokind in ('f', 'p') and provolatile = 'v' and prorettype <> 'trigger'::regtype
         and lanname not in ('c', 'internal')
         and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) group by 1`,
    ),
  ])
  const facts: Facts = {
    tables: new Map(
      tables.map(({ name, rows, bytes }) => [
        name,
        { rows: assumedRows ?? rows, bytes, columns: new Map(), neverNull: new Set(), checks: new Map() },
      ]),
    ),
    indexes: new Map(indexes.map(({ name, table }) => [name, table])),
    volatile: new Set(functions.filter(({ isVolatile }) => isVolatile).map(({ name }) => name)),
    functions: new Set(functions.filter(({ isOurs }) => isOurs).map(({ name }) => name)),
    routines: new Map(routines.map(({ name, definitions }) => [name, definitions])),
  }
  for (const { table, name, type } of columns) facts.tables.get(table)?.columns.set(name, type)
  for (const { table, name, says, column } of checks) {
    if (column) facts.tables.get(table)?.neverNull.add(column)
    facts.tables.get(table)?.checks.set(name, says)
  }
  return facts
}

async function rows<T>(db: Db, sql: string): Promise<T[]> {
  return (await db.raw<{ rows: T[] }>(sql)).rows
}
