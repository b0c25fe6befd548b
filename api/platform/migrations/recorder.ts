import { createRequire } from 'node:module'
import knexPackage, { type Knex } from 'knex'
import pg from 'pg'
import { type Migration, type MigrationSource, migrationSource } from './source.js'

/** What a migration would send to this database, in its order. */
export type Recorded = {
  name: string
  migration: Migration
  statements: string[]
  /** Why the rest cannot be told: it reads what a waiting migration before it makes. */
  stoppedBy: string | null
  /** The read that stopped it: what it calls may be code that the migration has just made. */
  stoppedAt: string | null
}

type Log = { statements: string[]; stoppedAt: string | null }
type Query = { sql: string; bindings?: unknown[]; response?: object }
type PostgresClient = new (
  config: Knex.Config,
) => Knex.Client & {
  _query(connection: unknown, query: Query): Promise<unknown>
}
// knex's types know the dialect by its name only
const Postgres: PostgresClient = createRequire(import.meta.url)('knex/lib/dialects/postgres/index.js')

const TRANSACTION = /^\s*(begin|commit|rollback|savepoint|release)\b/i
const ONE_READ = /^\s*(select|show|values|table|explain|with)\b[^;]*;?\s*$/i
const WRITES = /\b(insert|update|delete|merge|create|alter|drop|set_config)\b/i
const isRead = (sql: string): boolean => ONE_READ.test(sql) && !WRITES.test(sql)
const READ_ONLY_REFUSED = '25006'
const NOT_THERE = new Set(['42P01', '42703', '42704', '42883', '3F000'])

/**
 * Runs migrations against a connection that only writes down what it is given: reads are answered by the database (a
 * migration may look before it acts), in a session that PostgreSQL itself keeps from writing. An empty database has
 * nobody to disturb: there they really run, in a transaction that is taken back.
 */
export async function recordMigrations(
  ownerUrl: string,
  names: readonly string[],
  direction: 'up' | 'down' = 'up',
  source: MigrationSource = migrationSource,
): Promise<Recorded[]> {
  const rehearsed = direction === 'up' && (await isEmpty(ownerUrl))
  const log: Log = { statements: [], stoppedAt: null }
  const db = recordingDatabase(ownerUrl, rehearsed, log)
  const recorded: Recorded[] = []
  const record = async (on: Knex) => {
    for (const name of names) {
      log.statements = []
      const migration: Migration = await source.getMigration(name)
      const stoppedBy = await (migration[direction]?.(on) ?? Promise.resolve()).then(
        () => null,
        (error: unknown) => {
          if (!NOT_THERE.has((error as { code?: string }).code ?? '')) throw error
          return (error as Error).message.split(' - ').at(-1) ?? ''
        },
      )
      const stoppedAt = stoppedBy === null ? null : log.stoppedAt
      recorded.push({ name, migration, statements: log.statements, stoppedBy, stoppedAt })
    }
  }
  try {
    if (!rehearsed) await record(db)
    else
      await db
        .transaction(async trx => {
          await record(trx)
          throw new Rehearsed()
        })
        .catch(error => {
          if (!(error instanceof Rehearsed)) throw error
        })
    return recorded
  } finally {
    await db.destroy()
  }
}

class Rehearsed extends Error {}

function recordingDatabase(ownerUrl: string, rehearsed: boolean, log: Log): Knex {
  class RecordingClient extends Postgres {
    override async _query(connection: unknown, query: Query): Promise<unknown> {
      const told = withValues(query)
      const isTransaction = TRANSACTION.test(query.sql)
      if (rehearsed) {
        if (!isTransaction && !isRead(query.sql)) log.statements.push(told)
        return super._query(connection, query)
      }
      if (!isTransaction && isRead(query.sql)) {
        try {
          return await super._query(connection, query)
        } catch (error) {
          log.stoppedAt = told
          if ((error as { code?: string }).code !== READ_ONLY_REFUSED) throw error
        }
      }
      if (!isTransaction) log.statements.push(told)
      query.response = { command: '', rowCount: 0, rows: [], fields: [] }
      return query
    }
  }
  return knexPackage({
    client: RecordingClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: ownerUrl,
      application_name: 'cargoparts-migrate',
      options: rehearsed ? '' : '-c default_transaction_read_only=on',
      statement_timeout: 60_000,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: 2 },
    compileSqlOnError: false,
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
  })
}

/** As it could be typed: `$1` is its value. */
function withValues({ sql, bindings = [] }: Query): string {
  if (bindings.length === 0) return sql
  return sql.replace(/\$(\d+)/g, (_, number) => literal(bindings[Number(number) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`
  return pg.escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value))
}

/** No table but those that knex keeps its history in. */
async function isEmpty(ownerUrl: string): Promise<boolean> {
  const db = knexPackage({ client: 'pg', connection: ownerUrl, pool: { min: 0, max: 1 } })
  try {
    const { rows } = await db.raw(
      `select count(*)::integer as tables from pg_class where relnamespace = 'public'::regnamespace
       and relkind in ('r', 'p') and relname not like 'knex_migrations%'`,
    )
    return rows[0].tables === 0
  } finally {
    await db.destroy()
  }
}
