import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Clock } from './clock.js'
import { seconds } from './clock.js'
import type { Db, Trx } from './database.js'
import { AppError, unavailable } from './errors.js'

export const LOCK_TTL_MS = seconds(30)
const RETRY_MS = 100

/** Sets the lock and numbers its holder. The numbers grow although Redis may forget the last one: they begin with its clock. */
const ACQUIRE = `
  if not redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
  local t = redis.call('time')
  local now = t[1] * 1000000 + t[2]
  local last = tonumber(redis.call('get', KEYS[2]) or '0')
  local fence = string.format('%.0f', math.max(now, last + 1, tonumber(ARGV[3]) + 1))
  redis.call('set', KEYS[2], fence, 'EX', 604800)
  return fence`
const EXTEND = `
  if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('pexpire', KEYS[1], ARGV[2])`
const RELEASE = `
  if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('del', KEYS[1])`

export type Lock = {
  name: string
  /** Grows with every holder of this lock. */
  fence: number
  /** Aborted when the lock was lost: what goes on under it must end. */
  signal: AbortSignal
  /** Holds it for another `ttlMs` from now. False where another has it already. */
  extend(): Promise<boolean>
  /** Lets go of it, where it is still ours. */
  release(): Promise<void>
  /**
   * Asks, inside the transaction of a protected write, whether we are the newest holder still, and keeps it so until
   * that transaction ends. Throws `locks.lost`.
   */
  assertHeld(trx: Trx): Promise<void>
}
export type LockOptions = {
  /** How long it lasts without being extended. */
  ttlMs?: number
  /** How long to wait for another to let go of it. */
  waitMs?: number
}
export type Locks = ReturnType<typeof createLocks>
type Deps = { redis: () => Redis; db: Db; clock: Clock; prefix: string; holder?: string }

/**
 * Locks between processes. Redis says who may begin: an owner's random token with a time to live. PostgreSQL says who
 * may write: a holder that was paused beyond its time does not know that it lost the lock, and its write is refused
 * because a newer one is on record.
 */
export function createLocks({ redis, db, clock, prefix, holder = `${hostname()}:${process.pid}` }: Deps) {
  const keys = (name: string): [string, string] => [
    `${prefix}:lock:{${name}}`,
    `${prefix}:lock:{${name}}:fence`,
  ]

  /** One try; undefined where another holds it. */
  async function take(name: string, ttlMs: number, above = 0): Promise<Lock | undefined> {
    const owner = `${holder} ${randomUUID()}`
    const fence = await ask(redis().eval(ACQUIRE, 2, ...keys(name), owner, ttlMs, above))
    if (fence === null) return undefined
    const lock = held(name, owner, Number(fence), ttlMs)
    let newest: number
    try {
      newest = await record(name, lock.fence)
    } catch (error) {
      await lock.release().catch(() => undefined)
      throw error
    }
    if (newest === lock.fence) return lock
    // Redis forgot its numbers and its clock stands behind: begin above the one on record
    await lock.release()
    return above >= newest ? undefined : take(name, ttlMs, newest)
  }

  /** Puts the newest holder on record. Returns the number that stands there. */
  async function record(name: string, fence: number): Promise<number> {
    const { rows } = await db.raw<{ rows: { fence: number }[] }>(
      `insert into lock_fences as l (name, fence, holder, taken_at) values (?, ?, ?, ?)
       on conflict (name) do update set
         fence = greatest(l.fence, excluded.fence),
         holder = case when excluded.fence > l.fence then excluded.holder else l.holder end,
         taken_at = case when excluded.fence > l.fence then excluded.taken_at else l.taken_at end
       returning fence`,
      [name, fence, holder, clock.now()],
    )
    return (rows[0] as { fence: number }).fence
  }

  function held(name: string, owner: string, fence: number, ttlMs: number): Lock {
    const lost = new AbortController()
    return {
      name,
      fence,
      signal: lost.signal,
      async extend() {
        const isOurs = (await ask(redis().eval(EXTEND, 1, keys(name)[0], owner, ttlMs))) === 1
        if (!isOurs) lost.abort(lockLost(name))
        return isOurs
      },
      async release() {
        await ask(redis().eval(RELEASE, 1, keys(name)[0], owner))
      },
      async assertHeld(trx) {
        const row = await trx('lock_fences').where({ name, fence }).forShare().first('name')
        if (row) return
        lost.abort(lockLost(name))
        throw lockLost(name)
      },
    }
  }

  async function acquire(name: string, { ttlMs = LOCK_TTL_MS, waitMs = 0 }: LockOptions = {}): Promise<Lock> {
    const deadline = performance.now() + waitMs
    for (;;) {
      const lock = await take(name, ttlMs)
      if (lock) return lock
      if (performance.now() >= deadline) throw await lockHeld(name)
      await wait(RETRY_MS * (0.5 + Math.random()))
    }
  }

  async function lockHeld(name: string): Promise<AppError> {
    const owner = (
      (await redis()
        .get(keys(name)[0])
        .catch(() => null)) ?? ''
    ).split(' ')[0]
    const by = owner ? ` by ${owner}` : ''
    return new AppError('conflict', 'locks.held', `${name} is at work already, held${by}.`, {
      name,
      holder: owner,
    })
  }

  return {
    /** Takes the lock or throws `locks.held`. Its caller extends and releases it; `with` does both by itself. */
    acquire,

    /** Does the work under the lock, extending it meanwhile. The work has to heed `lock.signal`. */
    async with<T>(name: string, options: LockOptions, work: (lock: Lock) => Promise<T>): Promise<T> {
      const lock = await acquire(name, options)
      const stop = keepExtending(lock, options.ttlMs ?? LOCK_TTL_MS)
      try {
        return await work(lock)
      } finally {
        stop()
        await lock.release().catch(() => undefined) // it ends by itself
      }
    },
  }

  async function ask(command: Promise<unknown>): Promise<unknown> {
    try {
      return await command
    } catch (cause) {
      throw unavailable('redis', cause)
    }
  }
}

const lockLost = (name: string) =>
  new AppError('conflict', 'locks.lost', `The lock ${name} was lost: another holds it now.`, { name })

/** Until stopped. A Redis that does not answer is no loss yet: the lock lasts, and the record in PostgreSQL decides. */
function keepExtending(lock: Lock, ttlMs: number): () => void {
  const timer = setInterval(() => void lock.extend().catch(() => undefined), ttlMs / 3)
  timer.unref()
  return () => clearInterval(timer)
}
