import { setTimeout as wait } from 'node:timers/promises'
import { createDatabase, type Db } from '../database.js'
import { AppError } from '../errors.js'
import { exclusively } from '../exclusive.js'
import { BACKFILLS, type Backfill } from './list.js'

const BACKFILL_LOCK = 7_236_003
const LOCK_MS = 2_000
const TRIES = 5
/** A batch that takes longer holds its rows from others for too long: the next one is half as large. */
const SLOW_MS = 500
const LEAST = 50

export type BackfillState = {
  name: string
  table: string
  why: string
  state: 'new' | 'begun' | 'done'
  seen: number
  changed: number
  finishedAt: Date | null
}
export type BackfillProgress = { seen: number; changed: number; total: number; batch: number }
export type BackfillOptions = {
  batch?: number
  /** Rest after each batch, for everybody else and the replicas. */
  pauseMs?: number
  /** From the beginning, although it was finished or stopped halfway. */
  again?: boolean
  signal?: AbortSignal
  onProgress?: (progress: BackfillProgress) => void
  backfills?: readonly Backfill[]
}

/**
 * Goes through a table in the order of its key, a transaction a batch; how far it is stands in the same transaction as what
 * it did. Interrupted in whatever way, it goes on there. One at a time.
 */
export async function backfill(
  ownerUrl: string,
  name: string,
  options: BackfillOptions = {},
): Promise<BackfillProgress> {
  const { backfills = BACKFILLS, again = false } = options
  const found = backfills.find(each => each.name === name)
  if (!found) throw new AppError('not_found', 'backfills.not_found', `There is no backfill ${name}.`)
  const run = {
    ownerUrl,
    application: 'cargoparts-backfill',
    lock: BACKFILL_LOCK,
    taken: new AppError('conflict', 'backfills.running', 'Another backfill is running.'),
    statementMs: 60_000,
    lockMs: LOCK_MS,
  }
  return exclusively(run, async db => {
    if (again) await db('backfills').where({ name }).delete()
    await db('backfills').insert({ name }).onConflict('name').ignore()
    return through(db, found, options)
  })
}

async function through(db: Db, work: Backfill, options: BackfillOptions): Promise<BackfillProgress> {
  const { batch: size = 1_000, pauseMs = 100, signal, onProgress = () => {} } = options
  const total = await guessedRows(db, work.table)
  let batch = size
  for (;;) {
    signal?.throwIfAborted()
    const started = performance.now()
    const row = await oneBatch(db, work, batch)
    const progress = { seen: row.seen, changed: row.changed, total: Math.max(total, row.seen), batch }
    onProgress(progress)
    if (row.isOver) return progress
    const took = performance.now() - started
    if (took > SLOW_MS) batch = Math.max(LEAST, Math.floor(batch / 2))
    else if (batch < size && took < SLOW_MS / 4) batch = Math.min(size, batch * 2)
    // never more than half of the time
    await wait(Math.max(pauseMs, pauseMs === 0 ? 0 : took), undefined, signal ? { signal } : {}).catch(
      () => undefined,
    )
  }
}

type State = { seen: number; changed: number; isOver: boolean }

async function oneBatch(db: Db, work: Backfill, batch: number): Promise<State> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(trx => step(trx, work, batch))
    } catch (error) {
      // somebody holds a row of it: they go first
      const isContended = ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')
      if (!isContended || tries >= TRIES) throw error
      await wait(tries * 200)
    }
  }
}

async function step(trx: Db, { name, table, key, set, where }: Backfill, batch: number): Promise<State> {
  const { rows } = await trx.raw<{ rows: { position: string | null; seen: number; changed: number }[] }>(
    `with past as (select position from backfills where name = :name for update),
       stretch as (
         select t.${key.column} as key from ${table} t
         where (select position from past) is null or t.${key.column} > (select position from past)::${key.type}
         order by t.${key.column} limit :batch),
       changed as (
         update ${table} t set ${set} from stretch
         where t.${key.column} = stretch.key and (${where}) returning 1)
     select (select key from stretch order by key desc limit 1)::text as position,
       (select count(*) from stretch) as seen, (select count(*) from changed) as changed`,
    { name, batch } as never,
  )
  const { position = null, seen = 0, changed = 0 } = rows[0] ?? {}
  const isOver = seen < batch
  const [state] = await trx('backfills')
    .where({ name })
    .update(
      {
        position: position ?? trx.ref('position'),
        seen: trx.raw('seen + ?', [seen]),
        changed: trx.raw('changed + ?', [changed]),
        updated_at: trx.fn.now(),
        finished_at: isOver ? trx.fn.now() : null,
      },
      ['seen', 'changed'],
    )
  return { seen: state.seen, changed: state.changed, isOver }
}

async function guessedRows(db: Db, table: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { rows: number }[] }>(
    'select greatest(reltuples, 0)::bigint as rows from pg_class where oid = ?::regclass',
    [table],
  )
  return rows[0]?.rows ?? 0
}

/** The declared ones, and how far each is here. */
export async function backfillStates(ownerUrl: string, backfills = BACKFILLS): Promise<BackfillState[]> {
  const db = createDatabase({ url: ownerUrl, application: 'cargoparts-backfill', poolMin: 0, poolMax: 1 })
  try {
    const rows: { name: string; seen: number; changed: number; finished_at: Date | null }[] =
      await db('backfills')
    return backfills.map(({ name, table, why }) => {
      const row = rows.find(each => each.name === name)
      const state = row === undefined ? 'new' : row.finished_at === null ? 'begun' : 'done'
      const { seen = 0, changed = 0, finished_at: finishedAt = null } = row ?? {}
      return { name, table, why, state, seen, changed, finishedAt }
    })
  } finally {
    await db.destroy()
  }
}
