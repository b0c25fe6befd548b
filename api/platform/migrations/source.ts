import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import type { Db } from '../database.js'

const folder = new URL('../../../migrations/', import.meta.url)

export type MigrationSource = Knex.MigrationSource<string>
/** What a migration may say of itself, beside its ways up and down. */
export type Migration = Knex.Migration & {
  /** `transaction: false`: its statements run one by one, and what went before a failure stays. */
  config?: { transaction?: boolean }
  /** Rules of `db:lint` that its author broke knowingly, each with the reason. */
  accepted?: Readonly<Record<string, string>>
}

/** Names without extension, so that `.ts` in development and `.js` in production are one history. */
export const migrationSource: MigrationSource = {
  async getMigrations() {
    return readdirSync(fileURLToPath(folder))
      .filter(file => /^\d{14}_\w+\.(js|ts)$/.test(file))
      .map(file => file.replace(/\.(js|ts)$/, ''))
      .sort()
  },
  getMigrationName: name => name,
  getMigration: name => import(new URL(`${name}.js`, folder).href),
}

export type MigrationStatus = {
  applied: string[]
  pending: string[]
  /** Applied by a newer release than this one. Its schema is ours too: releases only add, until nobody reads what goes. */
  unknown: string[]
}

export async function migrationStatus(
  db: Db,
  source: MigrationSource = migrationSource,
): Promise<MigrationStatus> {
  const known = await source.getMigrations([])
  const { rows } = await db.raw<{ rows: { there: boolean }[] }>(
    "select to_regclass('knex_migrations') is not null as there",
  )
  const applied = rows[0]?.there
    ? ((await db('knex_migrations').orderBy('id').pluck('name')) as string[])
    : []
  return {
    applied,
    pending: known.filter(name => !applied.includes(name)),
    unknown: applied.filter(name => !known.includes(name)),
  }
}
