import type { UserActor } from '../../platform/actor.js'
import { after, type Clock, days, minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { Sealer } from '../../platform/sealer.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import { type RecoveryHash, readRecoveryCode } from './recovery-codes.js'
import { stepOf } from './totp.js'

/** The authenticator's code, or one of the codes on paper. */
export type Proof = { code?: string | undefined; recoveryCode?: string | undefined }
type Factor = { seed: Buffer | null; last_step: number; failures: number; locked_until: Date | null }

/** Wrong codes in a row before none is looked at for a while. */
const MOST_FAILURES = 5
/** The first while; it doubles each time, to a day. Guessing goes on for centuries at that rate. */
const LOCKED_MS = minutes(15)
const LOCKED_AT_MOST_MS = days(1)

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  security: SecurityLog
  seeds: Sealer
  recoveryHash: RecoveryHash
  window: number
}

/** Takes a code once. What came of it is committed whatever the caller does next. */
export function createCodeCheck({ db, clock, audit, security, seeds, recoveryHash, window }: Deps) {
  return async function checkCode(user: UserActor, proof: Proof): Promise<void> {
    if (proof.code === undefined && proof.recoveryCode === undefined) throw codeNeeded()
    const outcome = await db.transaction(async trx => {
      const factor: Factor | undefined = await factors(trx, user.id).forUpdate().first()
      if (!factor?.seed) return 'wrong' as const
      if (factor.locked_until && factor.locked_until > clock.now()) return factor.locked_until
      const isTaken =
        proof.code === undefined
          ? await takeRecoveryCode(trx, user, proof.recoveryCode as string)
          : await takeStep(trx, user.id, factor, proof.code)
      if (isTaken) {
        await factors(trx, user.id).update({ failures: 0, locked_until: null })
        return 'right' as const
      }
      return noteFailure(trx, user, factor.failures + 1)
    })
    if (outcome === 'wrong') throw wrongCode()
    if (outcome instanceof Date) throw locked(Math.ceil((+outcome - +clock.now()) / 1000))
  }

  /** A code works once, and none that is older than the last one does. */
  async function takeStep(trx: Trx, userId: string, factor: Factor, code: string): Promise<boolean> {
    const step = stepOf(seeds.open(factor.seed as Buffer, userId), code, clock.now(), window)
    if (step === null || step <= factor.last_step) return false
    await factors(trx, userId).update({ last_step: step })
    return true
  }

  async function takeRecoveryCode(trx: Trx, user: UserActor, typed: string): Promise<boolean> {
    const code = readRecoveryCode(typed)
    if (code === undefined) return false
    const used = await trx('recovery_codes')
      .where({ code_hash: recoveryHash(user.id, code), user_id: user.id })
      .whereNull('used_at')
      .update({ used_at: clock.now() })
    if (used === 0) return false
    await audit.record(trx, user, 'recovery_code_used', { type: 'user', id: user.id })
    security('recovery_code_used', user)
    return true
  }

  async function noteFailure(trx: Trx, user: UserActor, failures: number): Promise<Date | 'wrong'> {
    const isOver = failures % MOST_FAILURES === 0
    const lasts = Math.min(LOCKED_MS * 2 ** (failures / MOST_FAILURES - 1), LOCKED_AT_MOST_MS)
    const until = isOver ? after(clock.now(), lasts) : null
    await factors(trx, user.id).update({ failures, locked_until: until })
    security(isOver ? 'second_factor_locked' : 'auth_failed', user, { step: 'second factor' })
    return 'wrong'
  }
}

const factors = (trx: Trx, userId: string) => trx('second_factors').where({ user_id: userId })

export const wrongCode = () =>
  new AppError('forbidden', 'second_factor.wrong_code', 'The code is wrong, was used, or is over.')
const codeNeeded = () =>
  new AppError(
    'forbidden',
    'second_factor.code_needed',
    'Send a code of the authenticator, or a recovery code.',
  )
const locked = (retryAfter: number) =>
  new AppError(
    'rate_limited',
    'second_factor.locked',
    `Too many wrong codes; try again in ${retryAfter} seconds.`,
    {
      retryAfter,
    },
  )
