import type pg from 'pg'
import type { Db } from './database.js'
import type { Logger } from './logger.js'

/** With a name it is parsed and planned once a connection; without, planned anew for its values each time. */
export type Statement = { name?: string; text: string }
export type Reads = ReturnType<typeof createReads>

/**
 * The handful of reads that are asked for most, straight on the pool's connections: a query builder's own work
 * would be half of what they cost. Outside transactions only: for reads, and for a write that is one statement.
 */
export function createReads({ db, logger, slowMs }: { db: Db; logger: Logger; slowMs: number }) {
  return async <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> => {
    const connection: pg.Client = await db.client.acquireConnection()
    const started = performance.now()
    try {
      const { rows } = await connection.query({ ...statement, values: values as unknown[] })
      return rows
    } finally {
      db.client.releaseConnection(connection)
      const took = performance.now() - started
      if (took >= slowMs)
        logger.warn('db_slow_query', { ms: Math.round(took), shape: statement.text.slice(0, 2_000) })
    }
  }
}
