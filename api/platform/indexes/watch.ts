import type { Db } from '../database.js'
import { type DatabaseSession, sessionsOf } from '../sessions.js'

const EVERY_MS = 500

/** What a build is at: `percent` of its phase, null where PostgreSQL cannot tell. */
export type BuildProgress = { phase: string; percent: number | null; waitsFor: DatabaseSession[] }

type Row = {
  phase: string | null
  blocks: number
  blocksDone: number
  tuples: number
  tuplesDone: number
  lockers: number
  lockersDone: number
  waitsFor: number[]
}

/** From a connection of its own: short reads that hold no snapshot, or the build would wait for us. */
const PROGRESS = `
  select p.phase, coalesce(p.blocks_total, 0) as blocks, coalesce(p.blocks_done, 0) as "blocksDone",
    coalesce(p.tuples_total, 0) as tuples, coalesce(p.tuples_done, 0) as "tuplesDone",
    coalesce(p.lockers_total, 0) as lockers, coalesce(p.lockers_done, 0) as "lockersDone",
    array_remove(pg_blocking_pids(a.pid) || p.current_locker_pid::integer, 0) as "waitsFor"
  from pg_stat_activity a left join pg_stat_progress_create_index p on p.pid = a.pid
  where a.pid = ? and a.state = 'active'`

/** Tells twice a second what the backend is at, until stopped. */
export function watchBuild(
  db: Db,
  pid: number,
  tell: (progress: BuildProgress) => void,
): () => Promise<void> {
  let isOver = false
  let wake = () => {}
  const watching = (async () => {
    while (!isOver) {
      await new Promise<void>(resolve => {
        wake = resolve
        setTimeout(resolve, EVERY_MS).unref()
      })
      if (isOver) return
      // it is only for people to look at: what goes wrong in it must not end a build
      const progress = await look(db, pid).catch(() => undefined)
      if (progress && !isOver) tell(progress)
    }
  })()
  return async () => {
    isOver = true
    wake()
    await watching
  }
}

async function look(db: Db, pid: number): Promise<BuildProgress | undefined> {
  const { rows } = await db.raw<{ rows: Row[] }>(PROGRESS, [pid])
  const [row] = rows
  if (!row) return undefined
  return {
    phase: row.phase ?? 'waiting for a lock',
    percent: percentOf(row),
    waitsFor: await sessionsOf(
      db,
      row.waitsFor.filter(other => other !== pid),
    ),
  }
}

function percentOf(row: Row): number | null {
  const [done, all] =
    row.tuples > 0
      ? [row.tuplesDone, row.tuples]
      : row.blocks > 0
        ? [row.blocksDone, row.blocks]
        : [row.lockersDone, row.lockers]
  return all > 0 ? Math.min(100, Math.floor((100 * done) / all)) : null
}
