import pg from 'pg'
import { INDEXES } from './list.js'
import type { IndexSpec } from './spec.js'

export type Explained = {
  name: string
  asked: string
  query: string
  /**
   * `used`: its query's plan reads it. `beside`: another index that is on record for the same query is read. `small`: the
   * table is read through, as it is small; the index would be read were it larger. `untold`: nothing can be said of so few
   * rows. `not used`: a finding. `awaiting`: table, column or index is not there.
   */
  verdict: 'used' | 'beside' | 'small' | 'untold' | 'not used' | 'awaiting'
  /** The indexes that were read. */
  reads: string[]
  plan: string[]
}

type Node = { 'Node Type': string; 'Index Name'?: string; Plans?: Node[] }

/** With fewer rows than this any plan is as good as another, and which one is taken says nothing. */
const TELLING_ROWS = 1_000
const NOT_THERE = new Set(['42P01', '42703', '42883', '42704'])

/**
 * Plans each declared query, for values nobody knows yet, as PostgreSQL does for the prepared ones it keeps. Nothing is
 * run: EXPLAIN alone, in a transaction that may only read.
 */
export async function explainIndexes(
  ownerUrl: string,
  names?: readonly string[],
  indexes: readonly IndexSpec[] = INDEXES,
): Promise<Explained[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'cargoparts-indexes' })
  await client.connect()
  try {
    await client.query(`set default_transaction_read_only = on; set plan_cache_mode = force_generic_plan;
      set statement_timeout = '10s'`)
    const explained: Explained[] = []
    for (const spec of indexes)
      if (!names || names.includes(spec.name)) explained.push(await explain(client, spec))
    return explained
  } finally {
    await client.end()
  }
}

async function explain(client: pg.Client, spec: IndexSpec): Promise<Explained> {
  const { name, table, asked, query, besides = [] } = spec
  const all = { name, asked, query }
  const rows = await rowsOf(client, name, table)
  if (rows === undefined) return { ...all, verdict: 'awaiting', reads: [], plan: [] }
  try {
    const plain = await planOf(client, query)
    if (plain.reads.includes(name)) return { ...all, verdict: 'used', ...plain }
    if (plain.reads.some(read => besides.includes(read))) return { ...all, verdict: 'beside', ...plain }
    // the cheapest way through a small table is the whole of it
    await client.query('set enable_seqscan = off')
    const indexed = await planOf(client, query).finally(() => client.query('reset enable_seqscan'))
    if (indexed.reads.includes(name)) return { ...all, verdict: 'small', ...indexed }
    return { ...all, verdict: rows < TELLING_ROWS ? 'untold' : 'not used', ...plain }
  } catch (error) {
    if (NOT_THERE.has((error as { code?: string }).code ?? ''))
      return { ...all, verdict: 'awaiting', reads: [], plan: [] }
    throw error
  }
}

/** Undefined where the index is not there, or not valid. */
async function rowsOf(client: pg.Client, name: string, table: string): Promise<number | undefined> {
  const { rows } = await client.query(
    `select t.reltuples::float8 as rows from pg_index i join pg_class c on c.oid = i.indexrelid
     join pg_class t on t.oid = i.indrelid
     where c.relname = $1 and t.relname = $2 and c.relnamespace = 'public'::regnamespace and i.indisvalid`,
    [name, table],
  )
  return rows[0]?.rows
}

async function planOf(client: pg.Client, query: string): Promise<{ reads: string[]; plan: string[] }> {
  await client.query(`prepare explained as ${query}`)
  try {
    const most = Math.max(0, ...[...query.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
    const values = most > 0 ? `(${Array.from({ length: most }, () => 'null').join(', ')})` : ''
    const told = await client.query(`explain (format json) execute explained${values}`)
    const root: Node = told.rows[0]['QUERY PLAN'][0].Plan
    return { reads: [...new Set(nodes(root).flatMap(node => node['Index Name'] ?? []))], plan: lines(root) }
  } finally {
    await client.query('deallocate explained')
  }
}

const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)]
const lines = (node: Node, depth = 0): string[] => [
  `${'  '.repeat(depth)}${node['Node Type']}${node['Index Name'] ? ` using ${node['Index Name']}` : ''}`,
  ...(node.Plans ?? []).flatMap(child => lines(child, depth + 1)),
]
