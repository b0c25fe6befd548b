import { superuserUrl } from './database.js'
import { withClient } from './template.js'

/** How many sessions of this database wait for a lock that another holds. Only a superuser sees everybody's. */
export function waitingForLocks({ databaseUrl }: { databaseUrl: string }): Promise<number> {
  const name = new URL(databaseUrl).pathname.slice(1)
  return withClient(superuserUrl(), async client => {
    const { rows } = await client.query(
      "select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'",
      [name],
    )
    return rows.length
  })
}
