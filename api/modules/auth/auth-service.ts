import type { Actor, UserActor } from '../../platform/actor.js'
import { requireUser } from '../../platform/actor.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Outbox } from '../../platform/outbox.js'
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
export type Person = {
  email: string
  name?: string | undefined
  locale: 'ar' | 'en'
  consentVersion?: string | undefined
}
/** The hash of nothing: see passwords.verify. */
const NO_PASSWORD = 'none'
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
  outbox: Outbox
}
export type AuthService = ReturnType<typeof createAuthService>

/** Who somebody is: opening accounts and signing in. */
export function createAuthService(deps: Deps) {
  const { db, audit, security, passwords, sessions, challenges, factors, messages, outbox } = deps
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

    /** The same answer, after the same time, whether the address or the password is wrong. */
    async login(input: { email: string; password: string }, device: Device): Promise<SignedIn | SecondStep> {
      const user = await User.query(db).findOne({ email: input.email })
      if (!(await passwords.verify(input.password, user?.passwordHash)) || !user) {
        security('auth_failed', anonymous(device), { step: 'password', user: user?.id })
        throw badCredentials()
      }
      assertNotBlocked(user, device)
      const risen = passwords.needsRehash(user.passwordHash)
        ? await passwords.hash(input.password)
        : undefined
      return db.transaction(async trx => {
        if (risen) await user.$query(trx).patch({ passwordHash: risen })
        if (!user.hasSecondFactor) return sessions.open(trx, user, device)
        const { id, expiresAt } = await challenges.open(trx, user.id, 'LOGIN')
        return { challenge: challenges.tokenOf(id), expiresAt }
      })
    },

    /** The second step: the authenticator's code, or a recovery code. */
    async completeLogin(challenge: string, proof: Proof, device: Device): Promise<SignedIn> {
      const id = challenges.idIn(challenge)
      if (!id || !(await challenges.takeTry(id))) throw badToken()
      const { userId } = (await challenges.find(id)) ?? { userId: '' }
      const user = await findUser(userId)
      assertNotBlocked(user, device)
      await factors.checkCode({ kind: 'user', id: user.id, role: user.role, ...device } as UserActor, proof)
      return db.transaction(async trx => {
        if (!(await challenges.spend(trx, id, 'LOGIN'))) throw badToken()
        return sessions.open(trx, user, device)
      })
    },

    async me(actor: Actor): Promise<User> {
      return findUser(requireUser(actor).id)
    },

    /**
     * The account of an address, opened where there is none, for somebody who stands at a desk: nobody can sign in to
     * it before its owner has chosen a password by the link he is sent.
     */
    async personAt(trx: Trx, person: Person, actor: Actor): Promise<User> {
      const known = await User.query(trx).findOne({ email: person.email })
      if (known) return known
      const { email, name, locale, consentVersion } = person
      if (!name || !consentVersion) throw newAccountNeeds()
      const row = { email, name, locale, consentVersion, phone: null, passwordHash: NO_PASSWORD }
      const user = await User.query(trx).insertAndFetch(row)
      await audit.record(trx, actor, 'user_registered', { type: 'user', id: user.id })
      await outbox.add(trx, 'password_reset_asked', { email })
      return user
    },

    /** Gives a buyer the seller's role, inside the transaction that makes the seller. */
    async makeSeller(trx: Trx, userId: string): Promise<void> {
      await User.query(trx).findById(userId).where({ role: 'buyer' }).patch({ role: 'seller' })
    },

    findUser,
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

const newAccountNeeds = () =>
  new AppError(
    'invalid',
    'auth.new_account_needs',
    'There is no account of this address: a new one needs a name and the consent of its owner.',
  )
