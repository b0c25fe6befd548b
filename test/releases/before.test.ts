import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { parse } from 'libpg-query'
import pg from 'pg'
import { nameOf } from '../../api/platform/migrations/lint/tree.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { APP } from '../support/template.js'

type Record = { release: string; commit: string; statements: string[] }

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (): Record => JSON.parse(readFileSync(path.join(root, 'test/releases/before.json'), 'utf8'))

/**
 * While a release is deployed, the one before runs on the new schema. What it asks is on record, as its own tests made it
 * ask (`npm run record:statements`); it is held against today's schema here, in the serving role's rights.
 */
describe('the release before this one, on this schema', function () {
  this.timeout(60_000)
  const { statements, commit } = read()
  let database: TestDatabase
  let client: pg.Client

  before(async () => {
    database = await cloneDatabase()
    // as somebody who may change the schema, take the serving role's part, and take all of it back
    client = new pg.Client({ connectionString: database.superuserUrl })
    await client.connect()
    await client.query('set plan_cache_mode = force_generic_plan')
  })
  after(async () => {
    await client?.end()
    await database?.drop()
  })

  /** PostgreSQL's own word on whether it could be run, by this role. Plans it, and runs nothing. */
  async function refusal(statement: string): Promise<string | undefined> {
    const most = Math.max(0, ...[...statement.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
    const values = most > 0 ? `(${Array.from({ length: most }, () => 'null').join(', ')})` : ''
    try {
      await client.query('savepoint asking')
      await client.query(`prepare asked as ${statement}`)
      await client.query(`explain execute asked${values}`)
      return undefined
    } catch (error) {
      const { code = '', message } = error as Error & { code?: string }
      return NEEDS_VALUES.has(code) ? undefined : message
    } finally {
      await client.query('rollback to asking; deallocate all')
    }
  }

  /** What is wrong on a schema with this change, until so much is found. */
  async function complaints(change: string, most = Number.POSITIVE_INFINITY): Promise<string[]> {
    const found: string[] = []
    await client.query(`begin; ${change}`)
    try {
      const needed = await neededColumns(client)
      await client.query(`set local role ${APP.name}`)
      for (const statement of statements) {
        const why = (await refusal(statement)) ?? (await leftOut(statement, needed))
        if (why !== undefined) found.push(`${why}: ${statement.slice(0, 160)}`)
        if (found.length >= most) break
      }
      return found
    } finally {
      await client.query('rollback')
    }
  }

  it('finds everything that it asks for, may ask it, and leaves out nothing that is needed', async () => {
    expect(statements.length).to.be.above(300)
    expect(commit).to.match(/^[0-9a-f]{40}$/)
    expect(await complaints('select 1')).to.deep.equal([])
  })

  for (const [what, change] of [
    ['takes a column away', 'alter table orders drop column carrier'],
    ['renames one', 'alter table sellers rename column trade_name to shop_name'],
    ['renames a table', 'alter table notifications rename to notices'],
    ['gives one another type', 'alter table webhook_events alter column deliveries type text'],
    ['wants more of a new row', 'alter table sessions add column country text not null'],
    ['takes a function away', 'drop function compile_search(text[], text[]) cascade'],
    ['takes a right away', `revoke update on orders from ${APP.name}`],
    [
      'takes away what ON CONFLICT stands on',
      'alter table notifications drop constraint notifications_user_id_kind_data_key',
    ],
  ] as const)
    it(`would find out a migration that ${what}`, async () => {
      expect(await complaints(change, 1)).to.have.length(1)
    })
})

/** What PostgreSQL says of a value it cannot guess the type of: with one it could be run. */
const NEEDS_VALUES = new Set(['42P18', '42P08'])

type Needed = Map<string, string[]>

/** Columns that an INSERT must name. */
async function neededColumns(client: pg.Client): Promise<Needed> {
  const { rows } = await client.query(
    `select c.relname as "table", array_agg(a.attname::text) as columns
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and a.attnotnull and not a.atthasdef and a.attidentity = '' group by 1`,
  )
  return new Map(rows.map(row => [row.table, row.columns]))
}

async function leftOut(statement: string, needed: Needed): Promise<string | undefined> {
  const { stmts = [] } = await parse(statement)
  const columns = insertsIn(stmts).flatMap(({ table, columns }) =>
    (needed.get(table) ?? []).filter(column => !columns.includes(column)).map(column => `${table}.${column}`),
  )
  return columns.length > 0 ? `it leaves out ${columns.join(', ')}` : undefined
}

/** Every INSERT in it, those in a WITH too. */
function insertsIn(tree: unknown): { table: string; columns: string[] }[] {
  if (Array.isArray(tree)) return tree.flatMap(insertsIn)
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key !== 'InsertStmt') return insertsIn(value)
    const { relation, cols } = value as {
      relation: Parameters<typeof nameOf>[0]
      cols?: { ResTarget: { name: string } }[]
    }
    const table = nameOf(relation)
    const inside = Object.values(value).flatMap(insertsIn)
    return table && cols
      ? [{ table, columns: cols.map(({ ResTarget }) => ResTarget.name) }, ...inside]
      : inside
  })
}
