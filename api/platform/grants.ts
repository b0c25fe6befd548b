import type { Db } from './database.js'
import { AppError } from './errors.js'

/** Tables the serving role may add to and read, and nothing else: history nobody rewrites through the application. */
export const APPEND_ONLY = ['audit_log', 'invoices', 'tax_documents', 'signing_keys']
/** Written by migrations and seeds, as the schema's owner, only. */
export const READ_ONLY = [
  ...['knex_migrations', 'knex_migrations_lock', 'backfills'],
  ...['makes', 'models', 'engines', 'categories', 'synonyms'],
]

/** Rights for the role that serves. It owns nothing, so it can neither alter nor drop a table. Repeatable. */
export async function grantServingRole(db: Db, role: string): Promise<void> {
  const { rows } = await db.raw<{ rows: unknown[] }>('select from pg_roles where rolname = ?', [role])
  if (rows.length === 0) {
    const message = `The role ${role} of DATABASE_URL does not exist: create it (create role … login password …), then repeat.`
    throw new AppError('invalid', 'db.no_such_role', message, { role })
  }
  // a database that was made before PostgreSQL 15 lets everybody create tables
  await db.raw('revoke create on schema public from public')
  await db.raw('grant usage on schema public to ??', [role])
  await db.raw('grant select, insert, update, delete on all tables in schema public to ??', [role])
  await db.raw('grant usage, select on all sequences in schema public to ??', [role])
  for (const table of APPEND_ONLY)
    await db.raw('revoke update, delete, truncate on ?? from ??', [table, role])
  for (const table of READ_ONLY)
    await db.raw('revoke insert, update, delete, truncate on ?? from ??', [table, role])
}
