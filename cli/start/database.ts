import type { Client as PgClient } from 'pg'
import type { EmbeddedPostgres } from '../../api/embedded/postgres.js'
import { ensureRole, forgetPasswords } from './roles.js'
import type { Secrets } from './secrets.js'

const DATABASE = 'cargoparts'
const OWNER = 'cargoparts_owner'
const SERVING = 'cargoparts_app'

export type DatabaseUrls = { serving: string; owner: string }

/** Two roles: one owns the schema and migrates, the other serves and holds only what it is granted. */
export async function ensureDatabase(server: EmbeddedPostgres, secrets: Secrets): Promise<DatabaseUrls> {
  const roles = { [OWNER]: secrets.DATABASE_OWNER_PASSWORD, [SERVING]: secrets.DATABASE_APP_PASSWORD }
  await withClient(server.superuserUrl, async client => {
    for (const [name, password] of Object.entries(roles)) await ensureRole(client, name, password)
    await ensureOwned(client)
  })
  await withClient(server.url(DATABASE), async client => {
    // Not a trusted extension: the owner cannot make it in a migration.
    await client.query('create extension if not exists pg_stat_statements')
    await forgetPasswords(client)
    // An older start gave it: who serves must not read what others ran.
    await client.query(`revoke pg_read_all_stats from ${SERVING}`)
    // db:sessions and db:disconnect: who holds up a migration is to be seen, and can be ended
    await client.query(`grant pg_read_all_stats, pg_signal_backend to ${OWNER}`)
  })
  return {
    serving: server.url(DATABASE, { name: SERVING, password: secrets.DATABASE_APP_PASSWORD }),
    owner: server.url(DATABASE, { name: OWNER, password: secrets.DATABASE_OWNER_PASSWORD }),
  }
}

async function ensureOwned(client: PgClient): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
  if (rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`)
  await client.query(`revoke all on database ${DATABASE} from public`)
  await client.query(`grant connect on database ${DATABASE} to ${SERVING}`)
}

async function withClient(url: string, work: (client: PgClient) => Promise<void>): Promise<void> {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
