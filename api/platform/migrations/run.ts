import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../database.js'
import { AppError } from '../errors.js'
import { exclusively } from '../exclusive.js'
import { grantServingRole } from '../grants.js'
import { type DatabaseSession, describeSession, sessionsOf } from '../sessions.js'
import { type MigrationSource, migrationSource, migrationStatus } from './source.js'

/** Held while migrations run, so that two runs cannot race. Any constant will do. */
const MIGRATION_LOCK = 7_236_001
const APPLICATION = 'cargoparts-migrate'
const LOOK_EVERY_MS = 500

export type MigrateEvent =
  | { kind: 'begun'; name: string; at: number; of: number }
  | { kind: 'waiting'; name: string; waitsFor: DatabaseSession[] }
  /** It gave way: while it waited for its lock, everybody who came later waited behind it. */
  | { kind: 'gave-way'; name: string; tries: number; again: boolean }
  | { kind: 'applied'; name: string; seconds: number }
export type MigrateOptions = {
  source?: MigrationSource
  onEvent?: (event: MigrateEvent) => void
  /** How long a statement may wait for a lock. */
  lockMs?: number
  /** How often a migration that gave way is tried again, and after how long. */
  retries?: number
  retryMs?: number
  /** Runs before the first migration, under the lock, where any is waiting: a copy of the database. */
  before?: (pending: string[]) => Promise<void>
}

/**
 * Brings the schema up and gives the serving role its rights. Each migration is a transaction of its own: what was
 * applied stays, and the next run goes on. Returns the names it applied.
 */
export function migrateUp(
  ownerUrl: string,
  servingRole: string | undefined,
  options: MigrateOptions = {},
): Promise<string[]> {
  const { source = migrationSource, onEvent = () => {}, before } = options
  return locked(ownerUrl, options, async db => {
    const { pending, unknown } = await migrationStatus(db, source)
    if (pending.length > 0 && unknown.length > 0) throw foreignHistory(unknown)
    if (pending.length > 0) await before?.(pending)
    for (const [at, name] of pending.entries()) {
      onEvent({ kind: 'begun', name, at: at + 1, of: pending.length })
      const started = performance.now()
      await applied(db, name, options)
      onEvent({ kind: 'applied', name, seconds: (performance.now() - started) / 1_000 })
    }
    if (pending.length > 0) await joinBatch(db, pending)
    if (servingRole !== undefined) await grantServingRole(db, servingRole)
    return pending
  })
}

/** Undoes the last batch. For development: production only goes forward. */
export function migrateDown(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const { source = migrationSource } = options
  return locked(ownerUrl, options, async db => {
    const [, undone] = (await db.migrate.rollback({ migrationSource: source })) as [number, string[]]
    return undone
  })
}

/** Goes on after giving way; the failure it throws says who stood in the way. */
async function applied(db: Db, name: string, options: MigrateOptions): Promise<void> {
  const { source = migrationSource, onEvent = () => {}, retries = 3, retryMs = 10_000 } = options
  for (let tries = 1; ; tries++) {
    const watched = watch(db, waitsFor => onEvent({ kind: 'waiting', name, waitsFor }))
    try {
      await db.migrate.up({ migrationSource: source, name } as Parameters<typeof db.migrate.up>[0])
      return
    } catch (error) {
      if (!isContended(error)) throw failed(name, error)
      const again = tries <= retries
      onEvent({ kind: 'gave-way', name, tries, again })
      if (!again) throw stuck(name, watched.seen(), error)
    } finally {
      await watched.stop()
    }
    await wait(retryMs)
  }
}

/** Who the run waits for, told once for each set of them. */
function watch(db: Db, tell: (waitsFor: DatabaseSession[]) => void) {
  const stop = new AbortController()
  let seen: DatabaseSession[] = []
  const watching = (async () => {
    while (!stop.signal.aborted) {
      await wait(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      const found = await blockers(db).catch(() => [])
      if (found.length > 0 && found.map(({ pid }) => pid).join() !== seen.map(({ pid }) => pid).join())
        tell(found)
      if (found.length > 0) seen = found
    }
  })()
  return {
    seen: () => seen,
    async stop(): Promise<void> {
      stop.abort()
      await watching
    },
  }
}

async function blockers(db: Db): Promise<DatabaseSession[]> {
  const { rows } = await db.raw<{ rows: { pids: number[] }[] }>(
    `select pg_blocking_pids(pid) as pids from pg_stat_activity
     where datname = current_database() and application_name = ? and wait_event_type = 'Lock'`,
    [APPLICATION],
  )
  return sessionsOf(db, [...new Set(rows.flatMap(({ pids }) => pids))])
}

/** knex counts each migration a batch; what one run brought goes back together. */
async function joinBatch(db: Db, names: string[]): Promise<void> {
  const batch = db('knex_migrations').whereIn('name', names).min('batch')
  await db('knex_migrations').whereIn('name', names).update({ batch })
}

const isContended = (error: unknown): boolean =>
  ['55P03', '40P01'].includes((error as { code?: string })?.code ?? '')

function stuck(name: string, waitsFor: DatabaseSession[], cause: unknown): AppError {
  const who = waitsFor.map(session => `\n  ${describeSession(session)}`).join('')
  return new AppError(
    'conflict',
    'db.migration_blocked',
    `${name} did not get its lock and changed nothing.${who ? ` In its way:${who}` : ''}\nEnd that, or try when it is quieter; then run db:migrate again.`,
    { migration: name, waitsFor },
    { cause },
  )
}

function failed(name: string, cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause
  const { code, message } = cause as Error & { code?: string }
  // the role may not, or the server is gone: it is not the migration's doing
  if (code === undefined || code === '42501' || /^(08|57P|28|3D)/.test(code)) return cause
  // knex puts the statement before the database's own words
  const told = message.split(' - ').at(-1) ?? message
  return new AppError(
    'conflict',
    'db.migration_failed',
    `${name} failed and changed nothing: ${told}. Those before it stay applied.`,
    { migration: name, sqlState: code },
    { cause },
  )
}

function foreignHistory(unknown: string[]): AppError {
  return new AppError(
    'conflict',
    'db.newer_schema',
    `The schema is of a newer release: it has ${unknown.join(', ')}. Migrate with that release.`,
    { unknown },
  )
}

function locked<T>(
  ownerUrl: string,
  { lockMs = 10_000 }: MigrateOptions,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const run = {
    ownerUrl,
    application: APPLICATION,
    lock: MIGRATION_LOCK,
    taken: new AppError('conflict', 'db.migration_running', 'Another migration is running.'),
    statementMs: 3_600_000,
    lockMs,
  }
  return exclusively(run, async db => {
    // knex's own lock is a row that a killed process leaves set; ours went with its connection
    await db.migrate.forceFreeMigrationsLock({ migrationSource })
    return work(db)
  })
}
