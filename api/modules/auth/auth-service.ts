import type { Actor, Role, UserActor } from '../../platform/actor.js'
import { requireUser } from '../../platform/actor.js'
import { after, type Clock, days, seconds } from '../../platform/clock.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Reads, Statement } from '../../platform/reads.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Passwords } from './password.js'
import { Session } from './session.js'
import { ACCESS_MS, badToken, type Tokens } from './tokens.js'
import { User } from './user.js'

const SESSION_MS = days(30)
/** A client that asks twice at once (two tabs, a repeat after a lost answer) is no thief. */
const GRACE_MS = seconds(10)

export type Device = { ip?: string | undefined; userAgent?: string | undefined }
export type SignedIn = { user: User; accessToken: string; refreshToken: string; expiresIn: number }
export type Registration = {
  email: string
  password: string
  name: string
  phone?: string | undefined
  locale: 'ar' | 'en'
  consentVersion: string
}

/** Asked with every request of somebody who is signed in. */
const SIGNED_IN_AS: Statement = {
  name: 'auth-signed-in-as',
  text: `
    select u.role from sessions s join users u on u.id = s.user_id
    where s.id = $1 and u.id = $2 and u.status = 'ACTIVE' and s.revoked_at is null and s.expires_at > $3`,
}

type Deps = { db: Db; reads: Reads; clock: Clock; audit: AuditService; passwords: Passwords; tokens: Tokens }
export type AuthService = ReturnType<typeof createAuthService>

export function createAuthService({ db, reads, clock, audit, passwords, tokens }: Deps) {
  return {
    /** Opens a buyer's account and signs it in. */
    async register(input: Registration, device: Device): Promise<SignedIn> {
      const { password, ...facts } = input
      const passwordHash = await passwords.hash(password)
      try {
        return await db.transaction(async trx => {
          const user = await User.query(trx).insertAndFetch({
            ...facts,
            phone: facts.phone ?? null,
            passwordHash,
          })
          await audit.record(trx, anonymous(device), 'user_registered', { type: 'user', id: user.id })
          return openSession(trx, user, device)
        })
      } catch (error) {
        if (!isUniqueViolation(error, 'users_email_key')) throw error
        throw new AppError(
          'conflict',
          'auth.email_taken',
          'This e-mail address is registered already.',
          {},
          { cause: error },
        )
      }
    },

    /** The same answer, after the same time, whether the address or the password is wrong. */
    async login(input: { email: string; password: string }, device: Device): Promise<SignedIn> {
      const user = await User.query(db).findOne({ email: input.email })
      if (!(await passwords.verify(input.password, user?.passwordHash)) || !user) {
        throw new AppError(
          'unauthenticated',
          'auth.bad_credentials',
          'The e-mail address or the password is wrong.',
        )
      }
      if (user.status === 'BLOCKED')
        throw new AppError('forbidden', 'auth.blocked', 'This account is blocked.')
      const risen = passwords.needsRehash(user.passwordHash)
        ? await passwords.hash(input.password)
        : undefined
      return db.transaction(async trx => {
        if (risen) await user.$query(trx).patch({ passwordHash: risen })
        return openSession(trx, user, device)
      })
    },

    /**
     * A new pair for a refresh token. One that was used before ends the session: two people hold it. Within
     * the grace it is refused and nothing more: the other request of the same client has the new pair.
     */
    async refresh(refreshToken: string, device: Device): Promise<SignedIn> {
      const { sessionId, hash } = tokens.readRefresh(refreshToken)
      const outcome = await db.transaction(async trx => {
        const session = await Session.query(trx).findById(sessionId).forUpdate()
        if (!session || session.revokedAt || session.expiresAt <= clock.now()) return 'dead' as const
        if (!tokens.sameHash(session.refreshHash, hash)) {
          if (isJustExchanged(session, hash)) return 'dead' as const
          await session.$query(trx).patch({ revokedAt: clock.now() })
          await audit.record(trx, anonymous(device), 'token_reused', { type: 'session', id: sessionId })
          return 'dead' as const
        }
        const user = await User.query(trx).findById(session.userId)
        if (user?.status !== 'ACTIVE') return 'dead' as const
        const next = tokens.newRefresh(session.id)
        await session.$query(trx).patch({
          refreshHash: next.hash,
          previousHash: session.refreshHash,
          rotatedAt: clock.now(),
          lastUsedAt: clock.now(),
          expiresAt: after(clock.now(), SESSION_MS),
        })
        return signedIn(user, session.id, next.token)
      })
      // thrown out here, so that the revocation above is committed
      if (outcome === 'dead') throw badToken()
      return outcome
    },

    async logout(actor: Actor): Promise<void> {
      const { sessionId } = requireUser(actor)
      await Session.query(db).findById(sessionId).whereNull('revoked_at').patch({ revokedAt: clock.now() })
    },

    async me(actor: Actor): Promise<User> {
      return findUser(requireUser(actor).id)
    },

    /** Who an access token stands for, now: a session that ended or a user who was blocked is nobody. */
    async authenticate(accessToken: string, device: Device): Promise<UserActor> {
      const { userId, sessionId } = await tokens.readAccess(accessToken)
      const [row] = await reads<{ role: Role }>(SIGNED_IN_AS, [sessionId, userId, clock.now()])
      if (!row) throw badToken()
      return { kind: 'user', id: userId, role: row.role, sessionId, ...device }
    },

    /** Gives a buyer the seller's role, inside the transaction that makes the seller. */
    async makeSeller(trx: Trx, userId: string): Promise<void> {
      await User.query(trx).findById(userId).where({ role: 'buyer' }).patch({ role: 'seller' })
    },

    findUser,
  }

  function isJustExchanged({ previousHash, rotatedAt }: Session, hash: Buffer): boolean {
    if (!previousHash || !rotatedAt || after(rotatedAt, GRACE_MS) <= clock.now()) return false
    return tokens.sameHash(previousHash, hash)
  }

  async function findUser(id: string, on: DbOrTrx = db): Promise<User> {
    const user = await User.query(on).findById(id)
    if (!user) throw notFound('user', id)
    return user
  }

  async function openSession(trx: Trx, user: User, device: Device): Promise<SignedIn> {
    const id = newId()
    const refresh = tokens.newRefresh(id)
    await Session.query(trx).insert({
      id,
      userId: user.id,
      refreshHash: refresh.hash,
      userAgent: device.userAgent?.slice(0, 300) ?? null,
      ip: device.ip ?? null,
      lastUsedAt: clock.now(),
      expiresAt: after(clock.now(), SESSION_MS),
    })
    return signedIn(user, id, refresh.token)
  }

  async function signedIn(user: User, sessionId: string, refreshToken: string): Promise<SignedIn> {
    const accessToken = await tokens.access({ userId: user.id, sessionId })
    return { user, accessToken, refreshToken, expiresIn: ACCESS_MS / 1000 }
  }
}

const anonymous = (device: Device): Actor => ({
  kind: 'anonymous',
  ...(device.ip === undefined ? {} : { ip: device.ip }),
  ...(device.userAgent === undefined ? {} : { userAgent: device.userAgent }),
})
