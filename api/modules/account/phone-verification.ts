import { timingSafeEqual } from 'node:crypto'
import { type Actor, requireSession } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { AuditService } from '../audit/audit-service.js'
import type { ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'
import { assertAllowed } from './send-caps.js'

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  challenges: ChallengeService
  messages: MessageService
}

/** A six-digit code by SMS shows that a phone is somebody's: five minutes, five tries. */
export function createPhoneVerification({ db, clock, audit, challenges, messages }: Deps) {
  return {
    /** To the account's number, or to another that becomes the account's when it is proved. */
    async askPhoneCode(actor: Actor, phone?: string): Promise<{ phone: string; expiresAt: Date }> {
      const { id } = requireSession(actor)
      return db.transaction(async trx => {
        const user = await trx('users').where({ id }).forUpdate().first('phone')
        const target: string | null = phone ?? user.phone
        if (!target) throw noPhone()
        await assertAllowed(challenges, trx, 'PHONE', target, clock)
        await challenges.withdraw(trx, id, 'PHONE')
        const challenge = await challenges.open(trx, id, 'PHONE', target)
        await messages.add(trx, 'phone_code', id, challenge)
        return { phone: target, expiresAt: challenge.expiresAt }
      })
    },

    async verifyPhone(actor: Actor, code: string): Promise<void> {
      const { id: userId } = requireSession(actor)
      const challenge = await challenges.newest(userId, 'PHONE')
      if (!challenge || !(await challenges.takeTry(challenge.id))) throw codeOver()
      if (!isSame(code, challenges.codeOf(challenge.id))) throw wrongCode()
      await db.transaction(async trx => {
        if (!(await challenges.spend(trx, challenge.id, 'PHONE'))) throw codeOver()
        await trx('users')
          .where({ id: userId })
          .update({ phone: challenge.target, phone_verified_at: clock.now() })
        await audit.record(trx, actor, 'phone_verified', { type: 'user', id: userId })
      })
    },
  }
}

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const noPhone = () =>
  new AppError('conflict', 'account.no_phone', 'The account has no phone number: send one.')
const wrongCode = () => new AppError('forbidden', 'account.wrong_code', 'The code is wrong.')
const codeOver = () =>
  new AppError('conflict', 'account.code_over', 'The code is over or was tried too often: ask for another.')
