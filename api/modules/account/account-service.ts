import { type Actor, requireSession } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { Outbox } from '../../platform/outbox.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Passwords } from '../auth/password.js'
import type { SessionService } from '../auth/session-service.js'
import type { Challenge, ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { FactorService, Reauthentication } from '../second-factor/factor-service.js'
import { createPhoneVerification } from './phone-verification.js'
import { assertAllowed } from './send-caps.js'

type Deps = {
  db: Db
  clock: Clock
  outbox: Outbox
  audit: AuditService
  security: SecurityLog
  passwords: Passwords
  sessions: SessionService
  challenges: ChallengeService
  factors: FactorService
  messages: MessageService
  /** Refuses a password that is easily guessed. */
  assertGoodPassword(password: string, about: readonly string[], pointer?: string): Promise<void>
}
export type AccountService = ReturnType<typeof createAccountService>

/** What a person does with their own account: prove the address and the phone, choose another password. */
export function createAccountService(deps: Deps) {
  const { db, clock, outbox, audit, security, passwords, sessions, challenges, factors, messages } = deps
  return {
    ...createPhoneVerification(deps),

    async askEmailVerification(actor: Actor): Promise<void> {
      const { id } = requireSession(actor)
      await db.transaction(async trx => {
        const user = await trx('users').where({ id }).forUpdate().first('email', 'email_verified_at')
        if (user.email_verified_at) return
        await assertAllowed(challenges, trx, 'EMAIL', user.email, clock)
        await messages.add(trx, 'verify_email', id, await challenges.open(trx, id, 'EMAIL', user.email))
      })
    },

    /** By the link alone: it may be opened on another device than the one that registered. */
    async verifyEmail(token: string): Promise<void> {
      const id = challenges.idIn(token)
      await db.transaction(async trx => {
        const spent = id && (await challenges.spend(trx, id, 'EMAIL'))
        if (!spent) throw badLink()
        await markVerified(trx, spent.userId, spent.target)
        await audit.record(trx, person(spent.userId), 'email_verified', { type: 'user', id: spent.userId })
      })
    },

    /** The same answer after the same work, whoever has that address: the rest is done behind the outbox. */
    async askReset(email: string): Promise<void> {
      await db.transaction(trx => outbox.add(trx, 'password_reset_asked', { email }))
    },

    /** The outbox's handler. */
    async openReset(email: string): Promise<void> {
      await db.transaction(async trx => {
        const user = await trx('users').where({ email, status: 'ACTIVE' }).forUpdate().first('id')
        if (!user || !(await isAllowed(trx, email))) return
        await messages.add(
          trx,
          'reset_password',
          user.id,
          await challenges.open(trx, user.id, 'PASSWORD_RESET', email),
        )
      })
    },

    /** A new password by the link, or the first one by an invitation. Signs out everywhere; the second factor stays. */
    async reset(token: string, password: string): Promise<void> {
      const id = challenges.idIn(token)
      const challenge = id ? await challenges.find(id) : undefined
      if (!challenge || !setsPassword(challenge) || !challenges.isLive(challenge)) throw badLink()
      const { userId, purpose } = challenge
      await assertGood(userId, password)
      const passwordHash = await passwords.hash(password)
      const actor = person(userId)
      await db.transaction(async trx => {
        // the account first, then what is about it: in the order everybody takes them
        await setPassword(trx, userId, passwordHash)
        const spent = await challenges.spend(trx, challenge.id, purpose)
        if (!spent) throw badLink()
        await withdrawAll(trx, userId)
        await markVerified(trx, userId, spent.target)
        await sessions.endAll(trx, userId, actor)
        await audit.record(trx, actor, 'password_reset', { type: 'user', id: userId })
        await messages.add(trx, 'password_changed', userId)
      })
      security('password_reset', actor)
    },

    /** Signs out every other device. */
    async changePassword(actor: Actor, proof: Reauthentication, password: string): Promise<void> {
      const user = requireSession(actor)
      await assertGood(user.id, password, '#/newPassword') // first: a refused password must not cost a code
      await factors.reauthenticate(user, proof)
      const passwordHash = await passwords.hash(password)
      await db.transaction(async trx => {
        await setPassword(trx, user.id, passwordHash)
        await withdrawAll(trx, user.id)
        await sessions.endAll(trx, user.id, actor, { except: user.sessionId })
        await audit.record(trx, actor, 'password_changed', { type: 'user', id: user.id })
        await messages.add(trx, 'password_changed', user.id)
      })
      security('password_changed', actor)
    },
  }

  async function setPassword(trx: Trx, id: string, passwordHash: string): Promise<void> {
    await trx('users').where({ id }).update({ password_hash: passwordHash })
  }

  /** What the old password or an older link would still open. */
  async function withdrawAll(trx: Trx, userId: string): Promise<void> {
    for (const purpose of ['PASSWORD_RESET', 'INVITATION', 'LOGIN'] as const)
      await challenges.withdraw(trx, userId, purpose)
  }

  async function assertGood(userId: string, password: string, pointer?: string): Promise<void> {
    const user = await db('users').where({ id: userId }).first('email', 'name')
    await deps.assertGoodPassword(password, [user.email, user.email.split('@')[0], user.name], pointer)
  }

  /** Not where the account has another address by now. */
  async function markVerified(trx: Trx, userId: string, email: string | null): Promise<void> {
    await trx('users')
      .where({ id: userId, email })
      .whereNull('email_verified_at')
      .update({ email_verified_at: clock.now() })
  }

  /** The person is told nothing: whoever asked may not be the one who has the mailbox. */
  async function isAllowed(trx: Trx, email: string): Promise<boolean> {
    return assertAllowed(challenges, trx, 'PASSWORD_RESET', email, clock).then(
      () => true,
      error => {
        // a database that is away is no cap: the outbox tries again
        if (error instanceof AppError && error.kind === 'rate_limited') return false
        throw error
      },
    )
  }
}

/** An invitation is the first password's link. */
const setsPassword = ({ purpose }: Challenge): boolean =>
  purpose === 'PASSWORD_RESET' || purpose === 'INVITATION'

const person = (id: string): Actor => ({ kind: 'user', id, role: 'buyer' })

const badLink = () =>
  new AppError(
    'forbidden',
    'account.bad_link',
    'This link was used, is over, or is not ours: ask for another.',
  )
