import type { Client } from 'pg'
import { createDatabase, type Db } from './database.js'
import { AppError } from './errors.js'
import { describeSession, sessionsOf } from './sessions.js'

export type ExclusiveRun = {
  ownerUrl: string
  application: string
  /** Who runs at the same time is told apart by this number alone: any constant will do. */
  lock: number
  /** What to say to the second run. */
  taken: AppError
  statementMs: number
  /** How long a statement waits behind others for a lock, where waiting would hold up everybody else. */
  lockMs?: number
}

/** The connection that holds the lock, as the driver has it. */
export type Holder = Pick<Client, 'query'>

/**
 * Work on the schema, by one run at a time. The lock goes with its connection, however the run ends. What the holder is
 * given to do goes on in the server for a while after its client was killed, and keeps the lock as long.
 */
export async function exclusively<T>(
  run: ExclusiveRun,
  work: (db: Db, holder: Holder) => Promise<T>,
): Promise<T> {
  const db = createDatabase({
    url: run.lockMs === undefined ? run.ownerUrl : withLockTimeout(run.ownerUrl, run.lockMs),
    application: run.application,
    poolMin: 0,
    poolMax: 4,
    acquireMs: 20_000,
    statementMs: run.statementMs,
  })
  try {
    const holder: Holder = await db.client.acquireConnection()
    try {
      const { rows } = await holder.query('select pg_try_advisory_lock($1) as got', [run.lock])
      if (!rows[0].got) throw await takenBy(db, run)
      return await work(db, holder)
    } finally {
      await db.client.releaseConnection(holder)
    }
  } finally {
    await db.destroy()
  }
}

/** What to say to the second run, with who is at it: to be looked for, or ended. */
async function takenBy(db: Db, { lock, taken }: ExclusiveRun): Promise<AppError> {
  const { rows } = await db.raw<{ rows: { pid: number }[] }>(
    `select l.pid from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
     where l.locktype = 'advisory' and l.classid = 0 and l.objid = ? and l.granted`,
    [lock],
  )
  const [session] = await sessionsOf(
    db,
    rows.map(({ pid }) => pid),
  )
  if (!session) return taken
  const { pid, application } = session
  return new AppError(taken.kind, taken.code, `${taken.message} It is ${describeSession(session)}`, {
    pid,
    application,
  })
}

function withLockTimeout(url: string, lockMs: number): string {
  const limited = new URL(url)
  const options = limited.searchParams.get('options') ?? ''
  limited.searchParams.set('options', `${options} -c lock_timeout=${lockMs}`.trim())
  return limited.href
}
