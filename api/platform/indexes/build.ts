import type { Db } from '../database.js'
import { AppError } from '../errors.js'
import { exclusively, type Holder } from '../exclusive.js'
import { INDEXES } from './list.js'
import type { IndexSpec } from './spec.js'
import { declaredBodies, type StandingIndex, standingIndexes } from './standing.js'
import { type BuildProgress, watchBuild } from './watch.js'

/** Two builds of one index at once end in a deadlock, or in the second dropping the first one's work. */
export const INDEX_LOCK = 7_236_002
const DAY_MS = 24 * 3_600_000
const TRIES = 3
/** What a changed declaration is built as, beside the old one, which serves until it is there. */
const nextName = (name: string) => `${name}_next`

export type IndexReport = {
  built: string[]
  rebuilt: string[]
  present: string[]
  /** Declared for tables or columns that no migration has brought yet. */
  awaiting: { name: string; lacks: string }[]
  failed: { name: string; reason: string }[]
}
export type BuildEvent =
  | { kind: 'begun'; name: string; at: number; of: number }
  | ({ kind: 'progress'; name: string } & BuildProgress)
  | { kind: 'elsewhere'; name: string; pid: number }
export type BuildOptions = {
  indexes?: readonly IndexSpec[]
  onEvent?: (event: BuildEvent) => void
  /** Aborted: the build under way is cancelled and what it left is dropped. */
  signal?: AbortSignal
  /** What one index may take, waiting included. */
  buildMs?: number
}

/**
 * Builds what is missing with CREATE INDEX CONCURRENTLY, outside any transaction. An invalid index, left by
 * a build that was cut short, is dropped and built again; one that was declared otherwise since is replaced by its
 * successor. Safe to repeat and to interrupt. One that cannot be built keeps none of the others from it.
 */
export async function createIndexes(ownerUrl: string, options: BuildOptions = {}): Promise<IndexReport> {
  const { indexes = INDEXES, buildMs = DAY_MS } = options
  const run = {
    ownerUrl,
    application: 'cargoparts-indexes',
    lock: INDEX_LOCK,
    taken: new AppError('conflict', 'indexes.running', 'Another run is building the indexes.'),
    statementMs: buildMs,
  }
  return exclusively(run, async (db, holder) => {
    const builder = await createBuilder(db, holder, options)
    const bodies = await declaredBodies(db, indexes)
    const before = new Map((await standingIndexes(db)).map(index => [index.name, index]))
    const report: IndexReport = { built: [], rebuilt: [], present: [], awaiting: [], failed: [] }
    for (const [at, spec] of indexes.entries()) {
      const { name } = spec
      const declared = bodies.get(name)
      if (!declared || 'lacks' in declared) {
        report.awaiting.push({ name, lacks: declared?.lacks ?? '' })
        continue
      }
      options.signal?.throwIfAborted()
      if (isAsDeclared(before.get(name), spec, declared.body) && !before.has(nextName(name))) {
        report.present.push(name)
        continue
      }
      const outcome = await builder
        .bring(spec, declared.body, { at: at + 1, of: indexes.length })
        .catch((error: unknown) => ({ reason: reasonOf(error) }))
      if (typeof outcome === 'string') report[outcome].push(name)
      else report.failed.push({ name, ...outcome })
    }
    return report
  })
}

const isAsDeclared = (index: StandingIndex | undefined, { table }: IndexSpec, body: string): boolean =>
  index?.isValid === true && index.table === table && index.body === body

type Outcome = 'built' | 'rebuilt' | 'present'
type Place = { at: number; of: number }

async function createBuilder(db: Db, holder: Holder, { onEvent = () => {}, signal }: BuildOptions) {
  const { rows } = await holder.query('select pg_backend_pid() as pid')
  const pid: number = rows[0].pid
  // lock_timeout would end a build that waits for older snapshots, and leave an invalid index: waiting hurts nobody, as no
  // write waits behind it. One core is left to those who serve.
  await holder.query('set lock_timeout = 0; set max_parallel_maintenance_workers = 0')
  // a killed run must not go on in the server for hours; not every platform can tell
  await holder.query(`set client_connection_check_interval = '2s'`).catch(() => undefined)

  const standing = async (name: string): Promise<StandingIndex | undefined> =>
    (await standingIndexes(db)).find(index => index.name === name)

  async function ran(name: string, sql: string): Promise<void> {
    const stop = watchBuild(db, pid, progress => onEvent({ kind: 'progress', name, ...progress }))
    const cancel = () => void db.raw('select pg_cancel_backend(?)', [pid]).catch(() => undefined)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      await holder.query(sql)
    } finally {
      signal?.removeEventListener('abort', cancel)
      await stop()
    }
  }

  const drop = (name: string) => ran(name, `drop index concurrently if exists public.${name}`)

  /** A build that failed leaves an index that costs every write and serves no query. */
  async function create(spec: IndexSpec, name: string): Promise<void> {
    const kind = spec.unique ? 'unique index' : 'index'
    try {
      await ran(name, `create ${kind} concurrently ${name} on public.${spec.table} ${spec.on}`)
    } catch (error) {
      if ((error as { code?: string }).code !== '42P07') await dropLeftOver(name)
      throw error
    }
  }

  async function dropLeftOver(name: string): Promise<void> {
    if ((await standing(name))?.isValid !== false) return
    // the next run drops it otherwise: an interrupted one must end soon
    await holder
      .query(`set statement_timeout = '5s'; `)
      .then(() => holder.query(`drop index concurrently if exists public.${name}`))
      .catch(() => undefined)
      .then(() => holder.query('reset statement_timeout'))
  }

  async function bring(spec: IndexSpec, body: string, place: Place): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(spec, body, place)
      } catch (error) {
        signal?.throwIfAborted()
        if (!isPassing(error) || tries >= TRIES) throw error
      }
    }
  }

  async function attempt(spec: IndexSpec, body: string, place: Place): Promise<Outcome> {
    const { name } = spec
    const [now, next] = [await settled(name), await settled(nextName(name))]
    if (isAsDeclared(now, spec, body)) {
      if (next) await drop(next.name)
      return 'present'
    }
    onEvent({ kind: 'begun', name, ...place })
    if (now?.isValid && now.table === spec.table) {
      if (next && !(next.isValid && next.body === body)) await drop(next.name)
      if (!(next?.isValid && next.body === body)) await create(spec, nextName(name))
      await drop(name)
      await rename(name)
      return 'rebuilt'
    }
    if (now) await drop(name)
    if (next?.isValid && next.body === body) {
      await rename(name)
      return 'rebuilt'
    }
    if (next) await drop(next.name)
    await create(spec, name)
    return now ? 'rebuilt' : 'built'
  }

  /**
   * Somebody may be building it by hand: dropping it would wait for them, and then undo what they did. A build is off the
   * list of those under way a moment before its index is valid, so one look is not enough.
   */
  async function settled(name: string): Promise<StandingIndex | undefined> {
    let [isTold, looks] = [false, 0]
    for (;;) {
      const found = await standing(name)
      if (!found || found.isValid) return found
      const other = found.builtBy === pid ? null : found.builtBy
      looks = other === null ? looks + 1 : 0
      if (looks === 2) return found
      if (other !== null && !isTold) onEvent({ kind: 'elsewhere', name, pid: other })
      isTold ||= other !== null
      signal?.throwIfAborted()
      await db.raw('select pg_sleep(0.3)')
    }
  }

  const rename = (name: string) => holder.query(`alter index public.${nextName(name)} rename to ${name}`)

  return { bring }
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''

/** A deadlock with another session, or a name that somebody else just took. */
const isPassing = (error: unknown): boolean => ['40P01', '42P07', '55P03'].includes(codeOf(error))

function reasonOf(error: unknown): string {
  if ((error as Error)?.name === 'Interrupted') throw error
  const code = codeOf(error)
  if (code === '23505') return 'rows have equal keys, so it cannot be unique'
  if (code === '57014')
    return 'it took longer than it may (or somebody cancelled it); what it left is dropped'
  if (code === '53100') return 'the disk is full'
  if (code === '42501') throw error
  if (/^(08|57P)/.test(code) || code === '') throw error
  return (error as Error).message
}
