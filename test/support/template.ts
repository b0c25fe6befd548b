import pg from 'pg'
import { createIndexes } from '../../api/platform/indexes.js'
import { migrateUp } from '../../api/platform/migrate.js'
import { seedAll } from '../../seeds/index.js'

export const TEMPLATE = 'cargoparts_template'
export const OWNER = { name: 'test_owner', password: 'test-owner' }
export const APP = { name: 'test_app', password: 'test-app' }

/** One database with the schema, the indexes and the reference data, that every `describe` gets a copy of. */
export async function prepareTemplate(superuserUrl: string): Promise<void> {
  await withClient(superuserUrl, async client => {
    await client.query(`create role ${OWNER.name} login password '${OWNER.password}'`)
    // as docs/configuration.md advises
    await client.query(`grant pg_read_all_stats, pg_signal_backend to ${OWNER.name}`)
    await client.query(`create role ${APP.name} login password '${APP.password}'`)
    await client.query(`create database ${TEMPLATE} owner ${OWNER.name}`)
  })
  const ownerUrl = urlFor(superuserUrl, TEMPLATE, OWNER)
  await migrateUp(ownerUrl, APP.name)
  await createIndexes(ownerUrl)
  await seedAll(ownerUrl, { demo: false, environment: 'test' })
}

export function urlFor(
  superuserUrl: string,
  database: string,
  role: { name: string; password: string },
): string {
  const url = new URL(superuserUrl)
  url.username = role.name
  url.password = role.password
  url.pathname = `/${database}`
  return url.href
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
