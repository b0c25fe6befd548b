import { type Actor, isStaffRole, requireSession, type UserActor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { Sealer } from '../../platform/sealer.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import type { Passwords } from '../auth/password.js'
import type { SessionService } from '../auth/session-service.js'
import type { MessageService } from '../messages/message-service.js'
import { createCodeCheck, type Proof, wrongCode } from './code-check.js'
import { HOW_MANY, newRecoveryCode, type RecoveryHash, readRecoveryCode } from './recovery-codes.js'
import { newSeed, seedText, stepOf, uriOf } from './totp.js'

export type Enrolment = { secret: string; uri: string }
/** What a person shows again before something that matters: the password, and a code where there is a second factor. */
export type Reauthentication = { password: string } & Partial<Proof>
export type FactorState = { isOn: boolean; confirmedAt: Date | null; recoveryCodesLeft: number }

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  security: SecurityLog
  passwords: Passwords
  sessions: SessionService
  messages: MessageService
  seeds: Sealer
  recoveryHash: RecoveryHash
  /** Steps of 30 s before and after now whose codes are taken. */
  window: number
  /** Whether buyers and sellers are offered it; staff always are. */
  isOffered: boolean
}
export type FactorService = ReturnType<typeof createFactorService>

/** The second factor: an authenticator app's code (TOTP), and ten codes on paper for the day the phone is lost. */
export function createFactorService(deps: Deps) {
  const { db, clock, audit, security, passwords, sessions, messages, seeds, recoveryHash, window } = deps
  const checkCode = createCodeCheck(deps)

  return {
    checkCode,

    async state(actor: Actor): Promise<FactorState> {
      const { id } = requireSession(actor)
      const factor = await db('second_factors').where({ user_id: id }).first('confirmed_at as confirmedAt')
      const left = await db('recovery_codes').where({ user_id: id }).whereNull('used_at').count().first()
      const confirmedAt: Date | null = factor?.confirmedAt ?? null
      return { isOn: confirmedAt !== null, confirmedAt, recoveryCodesLeft: Number(left?.count ?? 0) }
    },

    /** A seed for an authenticator. It replaces the one in use when a code of it was shown: see `confirm`. */
    async enrol(actor: Actor, proof: Reauthentication): Promise<Enrolment> {
      const user = requireSession(actor)
      if (!deps.isOffered && !isStaffRole(user.role)) throw notOffered()
      const account = await reauthenticate(user, proof)
      const seed = newSeed()
      const row = { user_id: user.id, pending_seed: seeds.seal(seed, user.id), created_at: clock.now() }
      await db('second_factors').insert(row).onConflict('user_id').merge(['pending_seed'])
      return { secret: seedText(seed), uri: uriOf(seed, account.email) }
    },

    /**
     * Puts the new authenticator to use. Ends every other session: one that was opened with the password alone is no
     * longer enough. Returns the recovery codes, the only time they are seen.
     */
    async confirm(actor: Actor, code: string): Promise<string[]> {
      const user = requireSession(actor)
      const codes = await db.transaction(async trx => {
        const factor = await trx('second_factors').where({ user_id: user.id }).forUpdate().first()
        if (!factor?.pending_seed) throw notBegun()
        const step = stepOf(seeds.open(factor.pending_seed, user.id), code, clock.now(), window)
        if (step === null) throw wrongCode()
        await trx('second_factors').where({ user_id: user.id }).update({
          seed: factor.pending_seed,
          pending_seed: null,
          last_step: step,
          failures: 0,
          locked_until: null,
          confirmed_at: clock.now(),
        })
        await trx('users').where({ id: user.id }).update({ has_second_factor: true })
        await sessions.endAll(trx, user.id, actor, { except: user.sessionId })
        await audit.record(trx, actor, 'second_factor_enabled', { type: 'user', id: user.id })
        await messages.add(trx, 'second_factor_enabled', user.id)
        return renewCodes(trx, user.id)
      })
      security('second_factor_enabled', actor)
      return codes
    },

    async disable(actor: Actor, proof: Reauthentication): Promise<void> {
      const user = requireSession(actor)
      if (isStaffRole(user.role)) throw required()
      await reauthenticate(user, proof)
      await db.transaction(async trx => {
        await trx('second_factors').where({ user_id: user.id }).delete()
        await trx('recovery_codes').where({ user_id: user.id }).delete()
        await trx('users').where({ id: user.id }).update({ has_second_factor: false })
        await sessions.endAll(trx, user.id, actor, { except: user.sessionId })
        await audit.record(trx, actor, 'second_factor_disabled', { type: 'user', id: user.id })
        await messages.add(trx, 'second_factor_disabled', user.id)
      })
      security('second_factor_disabled', actor)
    },

    /** Ten new ones; the old ones are worthless. */
    async renewRecoveryCodes(actor: Actor, proof: Reauthentication): Promise<string[]> {
      const user = requireSession(actor)
      const { hasSecondFactor } = await reauthenticate(user, proof)
      if (!hasSecondFactor) throw notBegun()
      return db.transaction(async trx => {
        await audit.record(trx, actor, 'recovery_codes_renewed', { type: 'user', id: user.id })
        return renewCodes(trx, user.id)
      })
    },

    reauthenticate,
  }

  /** Throws unless the password is right, and with a second factor, a code too. */
  async function reauthenticate(user: UserActor, { password, ...proof }: Reauthentication) {
    const account = await db('users')
      .where({ id: user.id })
      .first('email', 'password_hash', 'has_second_factor')
    if (!(await passwords.verify(password, account?.password_hash)) || !account) throw badProof()
    if (account.has_second_factor) await checkCode(user, proof)
    return { email: String(account.email), hasSecondFactor: Boolean(account.has_second_factor) }
  }

  async function renewCodes(trx: Trx, userId: string): Promise<string[]> {
    const codes = Array.from({ length: HOW_MANY }, newRecoveryCode)
    const hashOf = (code: string) => recoveryHash(userId, readRecoveryCode(code) as string)
    await trx('recovery_codes').where({ user_id: userId }).delete()
    await trx('recovery_codes').insert(
      codes.map(code => ({ code_hash: hashOf(code), user_id: userId, created_at: clock.now() })),
    )
    return codes
  }
}

const notOffered = () =>
  new AppError('conflict', 'second_factor.not_offered', 'A second factor is not offered here.')
const notBegun = () =>
  new AppError(
    'conflict',
    'second_factor.not_begun',
    'There is no authenticator to confirm: begin with its secret.',
  )
const required = () =>
  new AppError('conflict', 'second_factor.required', 'Your role needs a second factor: replace it instead.')
const badProof = () => new AppError('forbidden', 'auth.bad_proof', 'The password is wrong.')
