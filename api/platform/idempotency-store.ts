import { after, type Clock, days, minutes } from './clock.js'
import type { Db } from './database.js'
import { AppError } from './errors.js'
import { newId } from './ids.js'

export type StoredAnswer = { status: number; body: unknown }
/** `until` is the lease: whoever took the key over after it has another one. */
export type Claim = { id: string; until: Date; answer?: StoredAnswer }

type Row = {
  id: string
  fingerprint: Buffer
  lockedUntil: Date
  status: number | null
  body: unknown
  fresh: boolean
}

/** A request cut off by a crash holds its key no longer than this. */
const LEASE_MS = minutes(1)
const KEPT_MS = days(1)

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>

/**
 * Remembers what was answered under a caller's Idempotency-Key. The id of a claim stays the same when a
 * request is taken up again after a crash: what it writes carries that id under a unique constraint, so that
 * the second run finds the first one's work instead of repeating it.
 */
export function createIdempotencyStore({ db, clock }: { db: Db; clock: Clock }) {
  return {
    async claim(userId: string, route: string, key: string, fingerprint: Buffer): Promise<Claim> {
      const now = clock.now()
      const { rows } = await db.raw<{ rows: Row[] }>(
        `with given as (
           insert into idempotency_keys as k (id, user_id, route, key, fingerprint, locked_until, expires_at)
           values (:id, :userId, :route, :key, :fingerprint, :lockedUntil, :expiresAt)
           on conflict (user_id, route, key) do update
             -- one whose time is over is another request's; one that was left behind goes on under its own id
             set id = case when k.expires_at < :now then excluded.id else k.id end,
               expires_at = case when k.expires_at < :now then excluded.expires_at else k.expires_at end,
               fingerprint = excluded.fingerprint, locked_until = excluded.locked_until, status = null, body = null
             where k.expires_at < :now
               or (k.status is null and k.locked_until < :now and k.fingerprint = excluded.fingerprint)
           returning id, fingerprint, locked_until as "lockedUntil", status, body, true as fresh)
         select * from given
         union all
         select id, fingerprint, locked_until, status, body, false from idempotency_keys
         where user_id = :userId and route = :route and key = :key and not exists (select from given)`,
        {
          id: newId(),
          userId,
          route,
          key,
          fingerprint,
          now,
          lockedUntil: after(now, LEASE_MS),
          expiresAt: after(now, KEPT_MS),
        },
      )
      const row = rows[0]
      if (row?.fresh) return { id: row.id, until: row.lockedUntil }
      if (row && !row.fingerprint.equals(fingerprint)) {
        throw new AppError(
          'invalid',
          'idempotency.key_reused',
          'This Idempotency-Key was used with another request.',
        )
      }
      if (row?.status != null) {
        return { id: row.id, until: row.lockedUntil, answer: { status: row.status, body: row.body } }
      }
      // either it runs right now, or its row came and went while we looked
      throw new AppError(
        'conflict',
        'idempotency.in_progress',
        'The first request with this Idempotency-Key is still running.',
      )
    },

    async keep(claim: Claim, { status, body }: StoredAnswer): Promise<void> {
      await held(claim).update({ status, body: JSON.stringify(body) })
    },

    /** Nothing was done that a repeat must know of: the key is free again. */
    async release(claim: Claim): Promise<void> {
      await held(claim).delete()
    },

    /** Not finished and not undone (the provider did not answer): a repeat goes on at once where this one stopped. */
    async leave(claim: Claim): Promise<void> {
      await held(claim).update({ locked_until: new Date(0) })
    },

    async forgetExpired(): Promise<number> {
      return db('idempotency_keys').where('expires_at', '<', clock.now()).delete()
    },
  }
  /** Its row, unless it was too slow and somebody else has the key now. */
  function held({ id, until }: Claim) {
    return db('idempotency_keys').where({ id, locked_until: until }).whereNull('status')
  }
}
