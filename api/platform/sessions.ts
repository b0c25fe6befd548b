import type { Db } from './database.js'

/** One connection to the database, as an operator has to know of it. Never a value of what it asked. */
export type DatabaseSession = {
  pid: number
  user: string
  application: string
  /** Null: over a socket of the machine, or hidden from this role. */
  address: string | null
  /** `active`, `idle`, `idle in transaction`, …; `hidden` from roles that are not in pg_read_all_stats. */
  state: string
  /** Since when its transaction is open; null where none is. */
  since: Date | null
  /** What it runs or ran last, without values; empty where this role may not know. */
  asks: string
  /** Whom it waits for. */
  waitsFor: number[]
}

const SEEN = `
  select a.pid, coalesce(a.usename, 'unknown') as "user", coalesce(a.application_name, '') as application,
    host(a.client_addr) as address, coalesce(a.state, 'hidden') as state, a.xact_start as since, a.query,
    pg_blocking_pids(a.pid) as "waitsFor"
  from pg_stat_activity a
  where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'`

const HIDDEN = '<insufficient privilege>'
type Row = Omit<DatabaseSession, 'asks'> & { query: string | null }

/** The sessions of this database with these numbers. */
export async function sessionsOf(db: Db, pids: number[]): Promise<DatabaseSession[]> {
  if (pids.length === 0) return []
  const { rows } = await db.raw<{ rows: Row[] }>(`${SEEN} and a.pid = any(?) order by a.pid`, [pids])
  return rows.map(seen)
}

/** Sessions in a transaction, the oldest first, and those that wait for others. */
export async function busySessions(db: Db): Promise<DatabaseSession[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `${SEEN} and (a.xact_start is not null or cardinality(pg_blocking_pids(a.pid)) > 0)
     order by a.xact_start nulls last, a.pid`,
  )
  return rows.map(seen)
}

const seen = ({ query, ...row }: Row): DatabaseSession => ({
  ...row,
  asks: query === HIDDEN ? '' : withoutValues(query ?? ''),
})

/** What a statement does, without the values somebody may have typed into it: they may be anybody's secrets. */
export function withoutValues(sql: string): string {
  const bare = sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\$(\w*)\$[\s\S]*?(\$\1\$|$)/g, '?')
    .replace(/e?'(?:[^'\\]|''|\\.)*(?:'|$)/gi, '?')
    .replace(/(?<![\w$])\d+(\.\d+)?/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
  return bare.length > 100 ? `${bare.slice(0, 99)}…` : bare
}

/** `pid 4711 (cargoparts_app, psql), idle in transaction for 5 min: update listings set …` */
export function describeSession(session: DatabaseSession, now = new Date()): string {
  const { pid, user, application, state, since, asks } = session
  const who = [user, application].filter(word => word !== '').join(', ')
  const age = since ? ` for ${lasting(now.getTime() - since.getTime())}` : ''
  return `pid ${pid} (${who}), ${state}${age}${asks ? `: ${asks}` : ''}`
}

const lasting = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`
}
