import { createDatabase } from './database.js'
import { type MigrationStatus, migrationStatus } from './migrations/source.js'

export { type MigrateEvent, type MigrateOptions, migrateDown, migrateUp } from './migrations/run.js'
export { type MigrationStatus, migrationSource, migrationStatus } from './migrations/source.js'

/** On a connection of its own. As the owner: the serving role has no rights before the first migration ends. */
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
