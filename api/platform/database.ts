import knexPackage, { type Knex } from 'knex'
import pg from 'pg'
import type { Logger } from './logger.js'
import { preparingClient } from './preparing-client.js'

export type Db = Knex
export type Trx = Knex.Transaction
/** Either: a read that may run inside a transaction or outside one. */
export type DbOrTrx = Knex | Knex.Transaction

export type DatabaseOptions = {
  url: string
  application: string
  poolMin?: number
  poolMax?: number
  /** How long a caller waits for a connection: under a second in a request, 20 s in a worker or a command. */
  acquireMs?: number
  statementMs?: number
  slowMs?: number
  logger?: Logger
}

const INT8 = 20
/** A day is no moment: pg would make it midnight wherever the process runs. */
const DATE = 1082
const TIMESTAMPTZ = 1184

/** int8 as a number, or an error: money must never be rounded on its way in. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`the database holds ${text}, beyond what a number keeps exactly`)
  return value
}

const readTimestamp = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date

/** `2026-03-01 14:05:09.123456+00`: as ISO 8601 node reads it itself, several times as fast as the driver. */
const timestamp = (text: string): Date =>
  text.length < 30 && text.startsWith('+00', text.length - 3) && text.charAt(4) === '-'
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    : readTimestamp(text)

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, format)
    if (oid === INT8) return safeInteger
    if (oid === DATE) return (day: string) => day
    return oid === TIMESTAMPTZ ? timestamp : pg.types.getTypeParser(oid, 'text')
  },
}

export function createDatabase(options: DatabaseOptions): Db {
  const { url, application, poolMin = 2, poolMax = 10, acquireMs = 950, statementMs = 5_000 } = options
  const db = knexPackage({
    client: preparingClient(),
    connection: {
      connectionString: url,
      types,
      application_name: application,
      connectionTimeoutMillis: 10_000,
      statement_timeout: statementMs,
      // the client's own limit ends the wait for a server that no longer answers at all
      query_timeout: statementMs + 1_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    } as Knex.PgConnectionConfig,
    pool: {
      min: poolMin,
      max: poolMax,
      createTimeoutMillis: 10_000,
      createRetryIntervalMillis: 100,
      validate: isIdle,
    } as Knex.PoolConfig,
    acquireConnectionTimeout: acquireMs,
    asyncStackTraces: false,
    // an error's message is the statement as sent: with its values it would carry them into logs and terminals
    compileSqlOnError: false,
    log: quietly(options.logger),
  })
  if (options.logger) logSlowQueries(db, options.logger, options.slowMs ?? 1_000)
  return db
}

/**
 * False for a connection that still owes an answer: its query was given up, and over a line that went dead the
 * answer never comes. Such a connection is replaced before it can keep the next caller waiting.
 */
function isIdle(connection: { readyForQuery?: boolean | null }): boolean {
  return connection.readyForQuery !== false
}

/** knex's own remarks go to console.log otherwise, into the middle of a command's result. What matters is thrown. */
function quietly(logger: Logger | undefined): Knex.Logger {
  const note = (message: unknown) => logger?.debug('db_driver', { message: String(message) })
  return { debug: note, warn: note, error: note, deprecate: note }
}

/** The statement as sent, with its placeholders: never a value. */
function logSlowQueries(db: Db, logger: Logger, slowMs: number): void {
  const started = new Map<string, number>()
  db.on('query', (query: { __knexQueryUid: string }) => started.set(query.__knexQueryUid, performance.now()))
  const finish = (query: { __knexQueryUid: string; sql: string }) => {
    const at = started.get(query.__knexQueryUid)
    started.delete(query.__knexQueryUid)
    const took = at === undefined ? 0 : performance.now() - at
    if (took >= slowMs)
      logger.warn('db_slow_query', { ms: Math.round(took), shape: query.sql.slice(0, 2_000) })
  }
  db.on('query-response', (_response, query) => finish(query))
  db.on('query-error', (_error, query) => finish(query))
}
