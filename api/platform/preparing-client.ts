import { createRequire } from 'node:module'
import type { Knex } from 'knex'

type Query = { sql: string; bindings?: unknown[]; options?: object }
type PostgresClient = new (
  config: Knex.Config,
) => Knex.Client & { _query(connection: unknown, query: Query): Promise<unknown> }

// knex's types know the dialect by its name only
const Postgres: PostgresClient = createRequire(import.meta.url)('knex/lib/dialects/postgres/index.js')

const PREPARABLE = /^\s*(select|insert|update|delete|with)\b/i
/** What is asked once or twice is not worth keeping on every connection. */
const OFTEN = 3
const MOST_NAMES = 300
/** Lists of rows or ids come in any length: each would be a statement of its own. */
const MOST_BINDINGS = 40

/**
 * knex's PostgreSQL, with the statements that come again and again prepared once a connection: parsing and planning
 * costs the server several times what most of them take to run. One for each database.
 */
export function preparingClient(): typeof Knex.Client {
  const names = createNames() // not the client's: knex makes one for each transaction, past the constructor

  class PreparingClient extends Postgres {
    override async _query(connection: unknown, query: Query): Promise<unknown> {
      const name = names.of(query)
      if (name === undefined) return super._query(connection, query)
      const { options } = query
      query.options = { ...options, name }
      try {
        return await super._query(connection, query)
      } catch (error) {
        if (!isOutdated(error)) throw error
        // a migration changed what `select *` gives: outside a transaction the statement can be sent again as it is
        names.forget()
        query.options = { ...options }
        return super._query(connection, query).catch(() => Promise.reject(error))
      }
    }
  }
  return PreparingClient as unknown as typeof Knex.Client
}

function createNames() {
  const seen = new Map<string, number>()
  const names = new Map<string, string>()
  let generation = 0

  return {
    of({ sql, bindings = [] }: Query): string | undefined {
      const known = names.get(sql)
      if (known !== undefined) return known
      if (names.size >= MOST_NAMES || bindings.length > MOST_BINDINGS || !PREPARABLE.test(sql))
        return undefined
      const times = (seen.get(sql) ?? 0) + 1
      if (seen.size > 4 * MOST_NAMES) seen.clear()
      seen.set(sql, times)
      if (times < OFTEN) return undefined
      seen.delete(sql)
      const name = `knex-${generation}-${names.size}`
      names.set(sql, name)
      return name
    },

    /** Every statement gets another name, and so is prepared anew, on every connection. */
    forget(): void {
      names.clear()
      generation += 1
    },
  }
}

/** The columns of a prepared statement are no longer those it was prepared with. */
const isOutdated = (error: unknown): boolean =>
  (error as { code?: unknown }).code === '0A000' && /cached plan/.test((error as Error).message)
