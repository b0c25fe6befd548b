import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { createDatabase, type Db } from './database.js'
import { AppError } from './errors.js'
import { exclusively } from './exclusive.js'
import { grantServingRole } from './grants.js'

/** Held while migrations run, so that two runs cannot race. Any constant will do. */
const MIGRATION_LOCK = 7_236_001
const folder = new URL('../../migrations/', import.meta.url)

/** Names without extension, so that `.ts` in development and `.js` in production are one history. */
export const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    return readdirSync(fileURLToPath(folder))
      .filter(file => /^\d{14}_\w+\.(js|ts)$/.test(file))
      .map(file => file.replace(/\.(js|ts)$/, ''))
      .sort()
  },
  getMigrationName: name => name,
  getMigration: name => import(new URL(`${name}.js`, folder).href),
}

export type MigrationStatus = { applied: string[]; pending: string[] }

/** Brings the schema up and gives the serving role its rights. Returns the names it applied. */
export function migrateUp(ownerUrl: string, servingRole: string | undefined): Promise<string[]> {
  return locked(ownerUrl, async db => {
    const [, applied] = (await db.migrate.latest({ migrationSource })) as [number, string[]]
    if (servingRole !== undefined) await grantServingRole(db, servingRole)
    return applied
  })
}

/** Undoes the last batch. For development: production only goes forward. */
export function migrateDown(ownerUrl: string): Promise<string[]> {
  return locked(ownerUrl, async db => {
    const [, undone] = (await db.migrate.rollback({ migrationSource })) as [number, string[]]
    return undone
  })
}

export async function migrationStatus(db: Db): Promise<MigrationStatus> {
  const known = await migrationSource.getMigrations([])
  const { rows } = await db.raw<{ rows: { there: boolean }[] }>(
    "select to_regclass('knex_migrations') is not null as there",
  )
  const applied = rows[0]?.there
    ? ((await db('knex_migrations').orderBy('id').pluck('name')) as string[])
    : []
  return { applied, pending: known.filter(name => !applied.includes(name)) }
}

/** The same, on a connection of its own. As the owner: the serving role has no rights before the first migration ends. */
export async function migrationStatusAt(ownerUrl: string): Promise<MigrationStatus> {
  const db = createDatabase({ url: ownerUrl, application: 'cargoparts-migrate', poolMin: 0, poolMax: 1 })
  try {
    return await migrationStatus(db)
  } finally {
    await db.destroy()
  }
}

/** The role a connection string signs in with, where it is another than the schema's owner. */
export function servingRoleOf(servingUrl: string, ownerUrl: string): string | undefined {
  const [serving, owner] = [new URL(servingUrl).username, new URL(ownerUrl).username]
  return serving !== '' && serving !== owner ? decodeURIComponent(serving) : undefined
}

function locked<T>(ownerUrl: string, work: (db: Db) => Promise<T>): Promise<T> {
  const run = {
    ownerUrl,
    application: 'cargoparts-migrate',
    lock: MIGRATION_LOCK,
    taken: new AppError('conflict', 'db.migration_running', 'Another migration is running.'),
    statementMs: 3_600_000,
    lockMs: 10_000,
  }
  return exclusively(run, async db => {
    // knex's own lock is a row that a killed process leaves set; ours went with its connection
    await db.migrate.forceFreeMigrationsLock({ migrationSource })
    return work(db)
  })
}
