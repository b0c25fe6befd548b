import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { migrationStatus } from '../../platform/migrate.js'

const CHECK_MS = 1_000

export type Health = {
  status: 'healthy' | 'unhealthy'
  checks: { app: boolean; database: boolean; redis: boolean; timestamp: string }
}
export type Metrics = {
  memory: { rssBytes: number; heapUsedBytes: number }
  uptime: number
  version: string
  environment: string
  commit: string
  pool: { used: number; free: number; waiting: number }
  tables: { name: string; rows: number; bytes: number }[]
}

type Deps = { db: Db; redis: () => Redis; clock: Clock; environment: string; version: string; commit: string }
export type HealthService = ReturnType<typeof createHealthService>

/** Each check has a time-out of its own, so that a hanging dependency cannot hang the probe. */
export function createHealthService({ db, redis, clock, environment, version, commit }: Deps) {
  let draining = false

  return {
    /** The process is about to stop: no more traffic, please. `false` takes that back. */
    drain(on = true): void {
      draining = on
    },

    async check(): Promise<Health> {
      const [database, redisAnswers] = await Promise.all([answers(db.raw('select 1')), answers(ping())])
      const isHealthy = database && redisAnswers && !draining
      return {
        status: isHealthy ? 'healthy' : 'unhealthy',
        checks: { app: !draining, database, redis: redisAnswers, timestamp: clock.now().toISOString() },
      }
    },

    /**
     * May traffic come? The database answers, its schema is current, and we are not stopping. Asked by a commit, also
     * whether it is this process's: an answer from the release before must not pass for one from the new.
     */
    async ready(asked?: string): Promise<{ ready: boolean; reasons: string[] }> {
      const reasons: string[] = draining ? ['draining'] : []
      if (asked !== undefined && asked !== commit) reasons.push('other_release')
      const pending = await within(migrationStatus(db).then(status => status.pending)).catch(() => undefined)
      if (pending === undefined) reasons.push('database_unreachable')
      else if (pending.length > 0) reasons.push('migrations_pending')
      return { ready: reasons.length === 0, reasons }
    },

    async metrics(): Promise<Metrics> {
      const { rss, heapUsed } = process.memoryUsage()
      const pool = db.client.pool as { numUsed(): number; numFree(): number; numPendingAcquires(): number }
      return {
        memory: { rssBytes: rss, heapUsedBytes: heapUsed },
        uptime: Math.round(process.uptime()),
        version,
        environment,
        commit,
        pool: { used: pool.numUsed(), free: pool.numFree(), waiting: pool.numPendingAcquires() },
        tables: await tableSizes(),
      }
    },
  }

  /** PONG within the time, or not there: a client that is reconnecting keeps commands waiting. */
  async function ping(): Promise<void> {
    const client = redis()
    if (client.status === 'end') throw new Error('closed')
    await client.ping()
  }

  async function tableSizes(): Promise<Metrics['tables']> {
    const { rows } = await db.raw<{ rows: Metrics['tables'] }>(`
      select relname as name, n_live_tup as rows, pg_total_relation_size(relid) as bytes
      from pg_stat_user_tables order by 3 desc limit 20`)
    return rows
  }
}

async function answers(check: PromiseLike<unknown>): Promise<boolean> {
  return within(check).then(
    () => true,
    () => false,
  )
}

async function within<T>(check: PromiseLike<T>): Promise<T> {
  const late = new AbortController()
  const timeout = wait(CHECK_MS, undefined, { signal: late.signal, ref: false }).then(() =>
    Promise.reject(new Error('no answer in time')),
  )
  // whichever loses the race may still fail later, unheard
  timeout.catch(() => undefined)
  return Promise.race([check, timeout]).finally(() => late.abort()) as Promise<T>
}
