import type { Actor, Role, UserActor } from '../../platform/actor.js'
import { isStaffRole, requireSession } from '../../platform/actor.js'
import { after, type Clock, days, seconds } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { notFound } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Reads, Statement } from '../../platform/reads.js'
import type { SecurityLog } from '../../platform/security-log.js'
import { createTogether } from '../../platform/together.js'
import type { ActivityService } from '../activity/activity-service.js'
import type { AuditService } from '../audit/audit-service.js'
import { Session } from './session.js'
import { ACCESS_MS, badToken, type Tokens } from './tokens.js'
import { User } from './user.js'

const SESSION_MS = days(30)
/** However often it is used, a session ends then, and the person signs in again. */
const LONGEST_MS = days(90)
/** A client that asks twice at once (two tabs, a repeat after a lost answer) is no thief. */
const GRACE_MS = seconds(10)
/** More devices than anybody has: beyond it the one used longest ago is signed out. */
const MOST_SESSIONS = 50

export type Device = { ip?: string | undefined; userAgent?: string | undefined }
export type SignedIn = { user: User; accessToken: string; refreshToken: string; expiresIn: number }

/** Asked with every request of somebody who is signed in. */
const SIGNED_IN_AS: Statement = {
  name: 'auth-signed-in-as',
  text: `
    select s.id, u.id as "userId", u.role, u.has_second_factor as "hasFactor"
    from sessions s join users u on u.id = s.user_id
    where s.id = any($1::uuid[]) and u.status = 'ACTIVE' and s.revoked_at is null and s.expires_at > $2`,
}
type SignedInAs = { id: string; userId: string; role: Role; hasFactor: boolean }

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  audit: AuditService
  activity: Pick<ActivityService, 'record'>
  tokens: Tokens
  security: SecurityLog
}
/** Which session goes on, and why the others do not, where somebody else says so. */
type Ending = { except?: string; reason?: string }
export type SessionService = ReturnType<typeof createSessionService>

/** Signed-in devices. The database is asked with every request, so an end takes effect at once, in every process. */
export function createSessionService({ db, reads, clock, audit, activity, tokens, security }: Deps) {
  /** By session; one statement for all who ask in the same moment. */
  const signedInAs = createTogether(
    async (sessionIds: string[]) => {
      const rows = await reads<SignedInAs>(SIGNED_IN_AS, [[...new Set(sessionIds)], clock.now()])
      const found = new Map(rows.map(row => [row.id, row]))
      return sessionIds.map(id => found.get(id))
    },
    { most: 100 },
  )
  const live = (on: Db | Trx) =>
    Session.query(on).whereNull('revoked_at').where('expires_at', '>', clock.now())

  return {
    async open(trx: Trx, user: User, device: Device): Promise<SignedIn> {
      const id = newId()
      const refresh = tokens.newRefresh(id)
      await endBeyond(trx, user.id, MOST_SESSIONS - 1)
      await Session.query(trx).insert({
        id,
        userId: user.id,
        refreshHash: refresh.hash,
        userAgent: device.userAgent?.slice(0, 300) ?? null,
        ip: device.ip ?? null,
        lastUsedAt: clock.now(),
        expiresAt: after(clock.now(), SESSION_MS),
        createdAt: clock.now(),
      })
      const self: UserActor = { kind: 'user', id: user.id, role: user.role, sessionId: id, ...device }
      await activity.record(trx, self, { action: 'signed_in', object: { type: 'session', id } })
      return signedIn(user, id, refresh.token)
    },

    /** Who an access token stands for, now: a session that ended or a user who was blocked is nobody. */
    async authenticate(accessToken: string, device: Device): Promise<UserActor> {
      const { userId, sessionId } = await tokens.readAccess(accessToken)
      const row = await signedInAs(sessionId)
      if (row?.userId !== userId) throw badToken()
      const mustEnrol = isStaffRole(row.role) && !row.hasFactor
      return { kind: 'user', id: userId, role: row.role, sessionId, mustEnrol, ...device }
    },

    /** Whether somebody who was let in a while ago would be now, as who they were. */
    async isLive(actor: Actor): Promise<boolean> {
      if (actor.kind !== 'user' || actor.sessionId === undefined) return false
      const row = await signedInAs(actor.sessionId)
      return row?.userId === actor.id && row.role === actor.role
    },

    /**
     * A new pair for a refresh token. One that was used before ends the session: two people hold it. Within
     * the grace it is refused and nothing more: the other request of the same client has the new pair.
     */
    async refresh(refreshToken: string, device: Device): Promise<SignedIn> {
      const { sessionId, hash } = tokens.readRefresh(refreshToken)
      const caller = anonymous(device)
      const outcome = await db.transaction(async trx => {
        const session = await Session.query(trx).findById(sessionId).forUpdate()
        if (!session || session.revokedAt || session.expiresAt <= clock.now()) return 'dead' as const
        if (!tokens.sameHash(session.refreshHash, hash)) {
          if (isJustExchanged(session, hash)) return 'dead' as const
          await session.$query(trx).patch({ revokedAt: clock.now() })
          const object = { type: 'session', id: sessionId, userId: session.userId }
          await audit.record(trx, caller, 'token_reused', object)
          return 'stolen' as const
        }
        const user = await User.query(trx).findById(session.userId)
        if (user?.status !== 'ACTIVE') return 'dead' as const
        const next = tokens.newRefresh(session.id)
        const end = Math.min(+after(clock.now(), SESSION_MS), +after(session.createdAt, LONGEST_MS))
        await session.$query(trx).patch({
          refreshHash: next.hash,
          previousHash: session.refreshHash,
          rotatedAt: clock.now(),
          lastUsedAt: clock.now(),
          expiresAt: new Date(end),
        })
        return signedIn(user, session.id, next.token)
      })
      if (outcome === 'stolen') security('token_reused', caller, { session: sessionId })
      // thrown out here, so that the revocation above is committed
      if (outcome === 'dead' || outcome === 'stolen') throw badToken()
      return outcome
    },

    async end(actor: Actor): Promise<void> {
      const { sessionId } = requireSession(actor)
      await Session.query(db).findById(sessionId).whereNull('revoked_at').patch({ revokedAt: clock.now() })
    },

    /** Where an account is signed in, the device used last first. */
    async of(userId: string): Promise<Session[]> {
      return live(db).where({ user_id: userId }).orderBy('last_used_at', 'desc').orderBy('id')
    },

    /** Returns how many ended: none where it had ended before. */
    async revoke(userId: string, sessionId: string, actor: Actor, reason?: string): Promise<number> {
      const own = { id: sessionId, user_id: userId }
      if (!(await Session.query(db).findOne(own))) throw notFound('session', sessionId)
      const count = await db.transaction(async trx => {
        const ended = await live(trx).where(own).patch({ revokedAt: clock.now() })
        const object = { type: 'session', id: sessionId, userId }
        if (ended > 0) await audit.record(trx, actor, 'session_revoked', object, because(reason))
        return ended
      })
      if (count > 0) security('sessions_revoked', actor, { user: userId, count })
      return count
    },

    async revokeAll(userId: string, actor: Actor, reason?: string): Promise<number> {
      const count = await db.transaction(trx => endAll(trx, userId, actor, { ...because(reason) }))
      if (count > 0) security('sessions_revoked', actor, { user: userId, count })
      return count
    },

    endAll,
  }

  /** Inside the transaction of what made it necessary: a new password, a new second factor, another role, a block. */
  async function endAll(
    trx: Trx,
    userId: string,
    actor: Actor,
    { except, reason }: Ending = {},
  ): Promise<number> {
    const others = live(trx).where({ user_id: userId })
    if (except) others.whereNot({ id: except })
    const count = await others.patch({ revokedAt: clock.now() })
    const details = { count, ...because(reason) }
    if (count > 0) await audit.record(trx, actor, 'sessions_revoked', { type: 'user', id: userId }, details)
    return count
  }

  async function endBeyond(trx: Trx, userId: string, most: number): Promise<void> {
    const kept = live(trx)
      .where({ user_id: userId })
      .orderBy('last_used_at', 'desc')
      .offset(most)
      .select('id')
    await Session.query(trx).whereIn('id', kept).patch({ revokedAt: clock.now() })
  }

  function isJustExchanged({ previousHash, rotatedAt }: Session, hash: Buffer): boolean {
    if (!previousHash || !rotatedAt || after(rotatedAt, GRACE_MS) <= clock.now()) return false
    return tokens.sameHash(previousHash, hash)
  }

  async function signedIn(user: User, sessionId: string, refreshToken: string): Promise<SignedIn> {
    const accessToken = await tokens.access({ userId: user.id, sessionId })
    return { user, accessToken, refreshToken, expiresIn: ACCESS_MS / 1000 }
  }
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason })

export const anonymous = (device: Device): Actor => ({
  kind: 'anonymous',
  ...(device.ip === undefined ? {} : { ip: device.ip }),
  ...(device.userAgent === undefined ? {} : { userAgent: device.userAgent }),
})
