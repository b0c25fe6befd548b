import type { Actor, UserActor } from '../../platform/actor.js'
import { requireUser } from '../../platform/actor.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import type { ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { Proof } from '../second-factor/code-check.js'
import type { FactorService } from '../second-factor/factor-service.js'
import type { Passwords } from './password.js'
import { assertGoodPassword } from './password-rules.js'
import { anonymous, type Device, type SessionService, type SignedIn } from './session-service.js'
import { badToken } from './tokens.js'
import { User } from './user.js'

export type Registration = {
  email: string
  password: string
  name: string
  phone?: string | undefined
  locale: 'ar' | 'en'
  consentVersion: string
}
/** The password was right, and a second factor is on: its code completes the login. */
export type SecondStep = { challenge: string; expiresAt: Date }

type Deps = {
  db: Db
  audit: AuditService
  security: SecurityLog
  passwords: Passwords
  sessions: SessionService
  challenges: ChallengeService
  factors: FactorService
  messages: MessageService
}
export type AuthService = ReturnType<typeof createAuthService>

/** Who somebody is: opening accounts and signing in. */
export function createAuthService(deps: Deps) {
  const { db, audit, security, passwords, sessions, challenges, factors, messages } = deps
  return {
    /** Opens a buyer's account and signs it in. */
    async register(input: Registration, device: Device): Promise<SignedIn> {
      const { password, ...facts } = input
      await assertGoodPassword(password, [facts.email, facts.email.split('@')[0] ?? '', facts.name])
      const passwordHash = await passwords.hash(password)
      try {
        return await db.transaction(async trx => {
          const row = { ...facts, phone: facts.phone ?? null, passwordHash }
          const user = await User.query(trx).insertAndFetch(row)
          await audit.record(trx, anonymous(device), 'user_registered', { type: 'user', id: user.id })
          const challenge = await challenges.open(trx, user.id, 'EMAIL', user.email)
          await messages.add(trx, 'verify_email', user.id, challenge)
          return sessions.open(trx, user, device)
        })
      } catch (error) {
        throw isUniqueViolation(error, 'users_email_key') ? emailTaken(error) : error
      }
    },

    login,

    /** The second step: the authenticator's code, or a recovery code. */
    async completeLogin(challenge: string, proof: Proof, device: Device): Promise<SignedIn> {
      const id = challenges.idIn(challenge)
      const opened = id ? await challenges.find(id) : undefined
      // a link of another kind is no first step: its holder may try no codes with it
      if (opened?.purpose !== 'LOGIN' || !(await challenges.takeTry(opened.id))) throw badToken()
      const user = await findUser(opened.userId)
      assertNotBlocked(user, device)
      await factors.checkCode({ kind: 'user', id: user.id, role: user.role, ...device } as UserActor, proof)
      return db.transaction(async trx => {
        const now = await held(trx, user.id)
        assertNotBlocked(now, device)
        if (!(await challenges.spend(trx, opened.id, 'LOGIN'))) throw badToken()
        return sessions.open(trx, now, device)
      })
    },

    async me(actor: Actor): Promise<User> {
      return findUser(requireUser(actor).id)
    },

    /** Gives a buyer the seller's role, inside the transaction that makes the seller. */
    async makeSeller(trx: Trx, userId: string): Promise<void> {
      await User.query(trx).findById(userId).where({ role: 'buyer' }).patch({ role: 'seller' })
    },

    findUser,
  }

  /** The same answer, after the same time, whether the address or the password is wrong. */
  async function login(
    input: { email: string; password: string },
    device: Device,
  ): Promise<SignedIn | SecondStep> {
    const user = await User.query(db).findOne({ email: input.email })
    if (!(await passwords.verify(input.password, user?.passwordHash)) || !user) {
      security('auth_failed', anonymous(device), { step: 'password', user: user?.id })
      throw badCredentials()
    }
    const { id, passwordHash } = user
    const outcome = await db.transaction(async trx => {
      const now = await held(trx, id)
      if (now.passwordHash !== passwordHash) return 'another password' as const
      assertNotBlocked(now, device)
      if (!now.hasSecondFactor) return sessions.open(trx, now, device)
      const challenge = await challenges.open(trx, id, 'LOGIN')
      return { challenge: challenges.tokenOf(challenge.id), expiresAt: challenge.expiresAt }
    })
    // it changed while the given one was being hashed
    if (outcome === 'another password') return login(input, device)
    if (passwords.needsRehash(passwordHash)) {
      const risen = await passwords.hash(input.password)
      await User.query(db).where({ id, password_hash: passwordHash }).patch({ passwordHash: risen })
    }
    return outcome
  }

  /**
   * The account as it stands until the transaction ends: a new password, a block or a second factor comes before, and
   * is seen, or after, and ends what was opened here.
   */
  async function held(trx: Trx, id: string): Promise<User> {
    const user = await User.query(trx).findById(id).forShare()
    if (!user) throw notFound('user', id)
    return user
  }

  async function findUser(id: string, on: DbOrTrx = db): Promise<User> {
    const user = await User.query(on).findById(id)
    if (!user) throw notFound('user', id)
    return user
  }

  function assertNotBlocked(user: User, device: Device): void {
    if (user.status !== 'BLOCKED') return
    security('auth_blocked_account', anonymous(device), { user: user.id })
    throw new AppError('forbidden', 'auth.blocked', 'This account is blocked.')
  }
}

const badCredentials = () =>
  new AppError('unauthenticated', 'auth.bad_credentials', 'The e-mail address or the password is wrong.')

const emailTaken = (cause: unknown) =>
  new AppError('conflict', 'auth.email_taken', 'This e-mail address is registered already.', {}, { cause })
