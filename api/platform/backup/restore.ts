import { readFile } from 'node:fs/promises'
import { createDatabase, type Db } from '../database.js'
import { AppError } from '../errors.js'
import { grantServingRole } from '../grants.js'
import { describeSession, sessionsOf } from '../sessions.js'
import { type Manifest, serverMajor, sha256 } from './backup.js'
import { findTool, runTool } from './tools.js'

export type RestoreOptions = {
  servingRole?: string | undefined
  /** Whether what is in the database may go. Without it only an empty one is filled. */
  replace?: boolean
}

/**
 * Fills the database from a copy, in one transaction: a restore that fails leaves it empty. Rights of the serving role are
 * given anew. Returns what the copy says of itself, where its FILE.json is there.
 */
export async function restore(
  ownerUrl: string,
  file: string,
  { servingRole, replace = false }: RestoreOptions = {},
): Promise<Manifest | null> {
  const manifest = await readManifest(file)
  if (manifest && (await sha256(file)) !== manifest.sha256)
    throw new AppError(
      'invalid',
      'backup.damaged',
      `${file} is not what was written: its checksum is another.`,
    )
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-restore',
    poolMin: 0,
    poolMax: 2,
    acquireMs: 20_000,
    statementMs: 3_600_000,
  })
  try {
    const server = await serverMajor(db)
    const tool = findTool('pg_restore', Math.max(server, manifest?.server ?? 0))
    await assertAlone(db)
    if (!(await isEmpty(db))) {
      if (!replace)
        throw new AppError(
          'conflict',
          'backup.not_empty',
          'There are tables in this database. Restore into an empty one, or say --replace: all of it is dropped first.',
        )
      await db.raw('drop schema public cascade; create schema public')
    }
    await runTool(tool, ownerUrl, [
      '--no-owner',
      '--no-privileges',
      '--exit-on-error',
      '--single-transaction',
      file,
    ])
    if (servingRole !== undefined) await grantServingRole(db, servingRole)
    await db.raw('analyze')
    return manifest
  } finally {
    await db.destroy()
  }
}

export async function readManifest(file: string): Promise<Manifest | null> {
  const text = await readFile(`${file}.json`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  await readable(file)
  return text === null ? null : (JSON.parse(text) as Manifest)
}

async function readable(file: string): Promise<void> {
  const { open } = await import('node:fs/promises')
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new AppError('not_found', 'backup.not_found', `There is no file ${file}.`)
    throw error
  })
  await handle.close()
}

/** Whoever is connected would write into what is being replaced. */
async function assertAlone(db: Db): Promise<void> {
  const { rows } = await db.raw<{ rows: { pid: number }[] }>(
    `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
     and application_name <> 'cargoparts-restore'`,
  )
  const others = await sessionsOf(
    db,
    rows.map(({ pid }) => pid),
  )
  if (others.length === 0) return
  const list = others.map(session => `\n  ${describeSession(session)}`).join('')
  throw new AppError(
    'conflict',
    'backup.in_use',
    `The database is in use: stop the API and the workers first.${list}`,
    { sessions: others.map(({ pid, application }) => ({ pid, application })) },
  )
}

async function isEmpty(db: Db): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*) as count from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S', 'v')`,
  )
  return rows[0]?.count === 0
}
