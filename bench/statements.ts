import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { APP } from '../test/support/template.js'
import type { Closing } from './closing.js'
import type { Database } from './services.js'

const QUIET_MS = 15_000

/** What the serving role has asked of the database so far. The limits sign in as another and are not counted. */
export type Statements = {
  /** Undefined where PostgreSQL came without pg_stat_statements. */
  count(): Promise<number | undefined>
  /** Waits until the server works on nothing any more: what a load left behind would burden the next. */
  quiet(): Promise<void>
}

export async function countStatements(closing: Closing, database: Database): Promise<Statements> {
  const client = await closing.keep(
    async () => {
      const made = new pg.Client({ connectionString: database.superuserUrl })
      await made.connect()
      return made
    },
    made => made.end(),
  )
  const { rows } = await client.query("select 1 from pg_extension where extname = 'pg_stat_statements'")
  const isCounted = rows.length > 0

  return {
    async count() {
      if (!isCounted) return undefined
      const { rows } = await client.query(
        `select coalesce(sum(s.calls), 0)::float8 as calls
         from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = $1`,
        [APP.name],
      )
      return rows[0].calls
    },

    async quiet() {
      const deadline = performance.now() + QUIET_MS
      while (performance.now() < deadline) {
        const { rows } = await client.query(
          `select count(*)::int as busy from pg_stat_activity
           where state <> 'idle' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
        )
        if (rows[0].busy === 0) return
        await wait(50)
      }
    },
  }
}
