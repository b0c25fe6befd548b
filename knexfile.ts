import type { Knex } from 'knex'
import { migrationSource } from './api/platform/migrate.js'

/** For knex's own command line. CargoParts' commands (`db:migrate`, …) build the same thing from their configuration. */
const config: Knex.Config = {
  client: 'pg',
  connection:
    process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_DIRECT_URL ?? process.env.DATABASE_URL ?? '',
  migrations: { migrationSource },
}

export default config
