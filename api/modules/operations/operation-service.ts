import { createHash, hkdfSync } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { type Actor, requireSession } from '../../platform/actor.js'
import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { Passwords } from '../auth/password.js'
import type { Proof } from '../second-factor/code-check.js'
import type { FactorService } from '../second-factor/factor-service.js'

const ISSUER = 'cargoparts-api'
const AUDIENCE = 'cargoparts-operations'
const TYPE = 'op+jwt'
const LASTS_MS = minutes(5)

/** One request: `bodySha256` is over the very bytes of its body, in hex; of none, over the empty text. */
export type CriticalRequest = { method: string; path: string; bodySha256: string }
export type Issued = { token: string; expiresAt: Date }

type Deps = {
  db: Db
  clock: Clock
  security: SecurityLog
  passwords: Passwords
  factors: FactorService
  secret: () => string
}
export type OperationService = ReturnType<typeof createOperationService>

/**
 * Signed operations: somebody who has just shown the password or a code gets a token for one request, good for five
 * minutes and one use. A stolen session alone can then not move money or hand out rights, nor can one whose password
 * was changed meanwhile.
 */
export function createOperationService({ db, clock, security, passwords, factors, secret }: Deps) {
  let made: Uint8Array | undefined
  const key = () => (made ??= new Uint8Array(hkdfSync('sha512', secret(), '', 'signed operations', 64)))

  return {
    /** For the password, or a code of the second factor where there is one. */
    async issue(
      actor: Actor,
      request: CriticalRequest,
      proof: Proof & { password?: string | undefined },
    ): Promise<Issued> {
      const user = requireSession(actor)
      const stored = await passwordOf(user.id)
      if (proof.password === undefined) await factors.checkCode(user, proof)
      else if (!(await passwords.verify(proof.password, stored))) throw badProof()
      const [now, expiresAt] = [clock.now(), after(clock.now(), LASTS_MS)]
      const token = await new SignJWT({ sid: user.sessionId, req: digestOf(request), pwd: markOf(stored) })
        .setProtectedHeader({ alg: 'HS512', typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(user.id)
        .setJti(newId())
        .setIssuedAt(Math.floor(+now / 1000))
        .setExpirationTime(Math.floor(+expiresAt / 1000))
        .sign(key())
      return { token, expiresAt }
    },

    /**
     * Refuses unless the token is for this person, session and request. `spentBy` names the attempt: a repeat of it
     * under the same Idempotency-Key may show the same token again, nothing else may.
     */
    async spend(actor: Actor, request: CriticalRequest, token: string, spentBy: string): Promise<void> {
      const user = requireSession(actor)
      if (token === '') throw needed()
      const { payload } = await jwtVerify(token, key(), {
        algorithms: ['HS512'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        subject: user.id,
        currentDate: clock.now(),
        requiredClaims: ['jti', 'exp', 'sid', 'req', 'pwd'],
      }).catch(cause => {
        // a mistake of ours is no verdict on the token
        if (!(cause instanceof errors.JOSEError)) throw cause
        return refuse(actor, 'not valid', cause)
      })
      if (payload.sid !== user.sessionId) refuse(actor, 'of another session')
      if (payload.req !== digestOf(request)) refuse(actor, 'for another request')
      if (payload.pwd !== markOf(await passwordOf(user.id))) refuse(actor, 'older than the password')
      const isOurs = await db.raw<{ rowCount: number }>(
        `insert into spent_operations as s (id, spent_by, expires_at) values (?, ?, ?)
         on conflict (id) do update set spent_by = s.spent_by where s.spent_by = excluded.spent_by`,
        [payload.jti as string, spentBy, new Date((payload.exp as number) * 1000)],
      )
      if (isOurs.rowCount === 0) refuse(actor, 'used already')
    },

    async forgetExpired(): Promise<number> {
      return db('spent_operations')
        .where('expires_at', '<', after(clock.now(), -minutes(60)))
        .delete()
    },
  }

  async function passwordOf(id: string): Promise<string | undefined> {
    const user = await db('users').where({ id }).first('password_hash')
    return user?.password_hash
  }

  function refuse(actor: Actor, why: string, cause?: unknown): never {
    security('operation_refused', actor, { why })
    throw new AppError(
      'forbidden',
      'operations.bad_token',
      `The Operation-Token is ${why}.`,
      { why },
      cause instanceof Error ? { cause } : undefined,
    )
  }
}

const digestOf = ({ method, path, bodySha256 }: CriticalRequest): string =>
  createHash('sha256')
    .update(`${method.toUpperCase()}\n${path}\n${bodySha256.toLowerCase()}`)
    .digest('base64url')

/** Tells one stored password from the next, and nothing of either. */
const markOf = (passwordHash = ''): string =>
  createHash('sha256').update(passwordHash).digest('base64url').slice(0, 16)

const needed = () =>
  new AppError(
    'forbidden',
    'operations.token_needed',
    'This needs an Operation-Token: ask for one at POST /api/v1/auth/operations.',
  )
const badProof = () => new AppError('forbidden', 'auth.bad_proof', 'The password is wrong.')
