import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createDatabase, type Db } from '../database.js'
import { AppError } from '../errors.js'
import { migrationStatus } from '../migrations/source.js'
import { COMMIT, VERSION } from '../version.js'
import { findTool, runTool } from './tools.js'

/** What stands beside a copy, as FILE.json: what a restore is held against. */
export type Manifest = {
  database: string
  /** PostgreSQL's major version. */
  server: number
  release: string
  commit: string | null
  takenAt: string
  migrations: string[]
  /** Rows by table, counted in the snapshot that was copied. */
  rows: Record<string, number>
  bytes: number
  sha256: string
}
export type Backup = { file: string; manifest: Manifest }

/**
 * Copies the whole database by pg_dump into one file, readable by its owner alone, while everybody works on. The file
 * appears under its name when it is complete.
 */
export async function backUp(
  ownerUrl: string,
  to: { folder: string } | { file: string },
  now = new Date(),
): Promise<Backup> {
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-backup',
    poolMin: 0,
    poolMax: 2,
    acquireMs: 20_000,
    statementMs: 3_600_000,
  })
  try {
    const server = await serverMajor(db)
    const tool = findTool('pg_dump', server)
    const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
    const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
    const file = 'file' in to ? to.file : path.join(to.folder, `${database}-${stamp}.dump`)
    await assertFree(file)
    await mkdir(path.dirname(file), { recursive: true })
    const draft = `${file}.partial`
    try {
      await (await open(draft, 'w', 0o600)).close()
      await chmod(draft, 0o600)
      const counted = await dumped(db, tool, ownerUrl, draft)
      const manifest: Manifest = {
        database,
        server,
        release: VERSION,
        commit: COMMIT ?? null,
        takenAt: now.toISOString(),
        ...counted,
        bytes: (await stat(draft)).size,
        sha256: await sha256(draft),
      }
      await writeFile(`${file}.json`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
      await rename(draft, file)
      return { file, manifest }
    } finally {
      await rm(draft, { force: true })
    }
  } finally {
    await db.destroy()
  }
}

/** Rows are counted in the very snapshot that pg_dump copies. */
async function dumped(db: Db, tool: string, ownerUrl: string, file: string) {
  return db.transaction(
    async trx => {
      await trx.raw('set local idle_in_transaction_session_timeout = 0')
      const { rows: snapshots } = await trx.raw('select pg_export_snapshot() as id')
      const { rows: extensions } = await trx.raw<{ rows: { name: string }[] }>(
        // what belongs to the server's own care needs a superuser to come back
        "select extname as name from pg_extension where extname not in ('plpgsql', 'pg_stat_statements')",
      )
      const copied = runTool(tool, ownerUrl, [
        '--format=custom',
        '--no-owner',
        '--no-privileges',
        `--snapshot=${snapshots[0].id}`,
        ...extensions.map(({ name }) => `--extension=${name}`),
        `--file=${file}`,
      ])
      const [migrations, rows] = await Promise.all([
        migrationStatus(trx).then(({ applied }) => applied),
        countRows(trx),
        copied,
      ])
      return { migrations, rows }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

export async function countRows(db: Db): Promise<Record<string, number>> {
  const { rows: tables } = await db.raw<{ rows: { name: string }[] }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const { rows } = await db.raw<{ rows: { count: number }[] }>('select count(*) as count from public.??', [
      name,
    ])
    counts[name] = rows[0]?.count ?? 0
  }
  return counts
}

export async function serverMajor(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { version: number }[] }>(
    `select current_setting('server_version_num')::integer / 10000 as version`,
  )
  return rows[0]?.version ?? 0
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

async function assertFree(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined)
  if (there) throw new AppError('conflict', 'backup.file_exists', `${file} is there already.`)
}
