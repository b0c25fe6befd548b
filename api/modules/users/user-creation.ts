import { randomBytes } from 'node:crypto'
import type { Actor, Role } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Passwords } from '../auth/password.js'
import type { ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'

export type NewUser = {
  email: string
  name: string
  role: Exclude<Role, 'seller'>
  locale: 'ar' | 'en'
  /** Without one the person gets a link by e-mail, good for three days, to choose it. */
  password?: string | undefined
}
type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  passwords: Passwords
  challenges: ChallengeService
  messages: MessageService
  assertGoodPassword(password: string, about: readonly string[]): Promise<void>
}

/** Accounts that an operator opens: the first admin, and staff. */
export function createUserCreation({ db, clock, audit, passwords, challenges, messages, ...deps }: Deps) {
  return {
    /** Throws `auth.email_taken` where the address has an account. */
    async create({ email, name, role, locale, password }: NewUser, actor: Actor): Promise<string> {
      if (actor.kind !== 'operator')
        throw new AppError('forbidden', 'auth.forbidden', 'Accounts are opened by an operator.')
      if (password !== undefined)
        await deps.assertGoodPassword(password, [email, email.split('@')[0] ?? '', name])
      // one that nobody knows, until the person chooses theirs
      const password_hash = await passwords.hash(password ?? randomBytes(32).toString('base64url'))
      const id = newId()
      const row = { id, email, name, role, locale, password_hash, consent_version: 'operator' }
      await db
        .transaction(async trx => {
          await trx('users').insert({ ...row, created_at: clock.now() })
          await audit.record(trx, actor, 'user_created', { type: 'user', id }, { role, invited: !password })
          if (password !== undefined) return
          await messages.add(trx, 'invitation', id, await challenges.open(trx, id, 'INVITATION', email))
        })
        .catch(error => {
          if (!isUniqueViolation(error, 'users_email_key')) throw error
          const message = `${email} has an account already.`
          throw new AppError('conflict', 'auth.email_taken', message, { email }, { cause: error })
        })
      return id
    },
  }
}
