import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { type Clock, minutes } from '../../platform/clock.js'
import { AppError } from '../../platform/errors.js'

const ISSUER = 'cargoparts-api'
const AUDIENCE = 'cargoparts'
const TYPE = 'at+jwt' // RFC 9068: an access token says that it is one
/** Only what is an id reaches the database, which refuses any other text as one. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const REFRESH = /^([0-9a-f-]{36})\.([\w-]{43})\.([\w-]{22})$/
export const ACCESS_MS = minutes(15)
/** Some megabytes of tokens at the most. */
const MOST_READ = 5_000

export type AccessClaims = { userId: string; sessionId: string }
export type Tokens = ReturnType<typeof createTokens>

/**
 * Newest first: it signs; the ones before it still open what they signed, until that has ended. Asked for when first
 * used: a command that signs nobody in needs none.
 */
type Deps = { accessSecrets: () => string[]; refreshSecrets: () => string[]; clock: Clock }
type Key = { id: string; bytes: Uint8Array }

export function createTokens({ accessSecrets, refreshSecrets, clock }: Deps) {
  let made: Key[] | undefined
  const keys = () => (made ??= accessSecrets().map(keyOf))
  const newest = () => keys()[0] as Key // the configuration requires one
  // a signature that was good stays good: a client sends the same token with every request
  const read = new Map<string, { claims: AccessClaims; expiresAt: number }>()

  return {
    access({ userId, sessionId }: AccessClaims): Promise<string> {
      const now = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: newest().id })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_MS / 1000)
        .sign(newest().bytes)
    },

    async readAccess(token: string): Promise<AccessClaims> {
      const known = read.get(token)
      if (known && known.expiresAt > clock.now().getTime()) return known.claims
      try {
        const keyFor = ({ kid }: { kid?: string }) =>
          (kid === undefined ? newest() : (keys().find(({ id }) => id === kid) ?? unknownKey(kid))).bytes
        const { payload } = await jwtVerify(token, keyFor, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          currentDate: clock.now(),
          requiredClaims: ['sub', 'sid', 'exp'],
        })
        const claims = { userId: idOf(payload.sub), sessionId: idOf(payload.sid) }
        remember(token, { claims, expiresAt: (payload.exp as number) * 1000 }) // `exp` is required above
        return claims
      } catch (cause) {
        // anything else is a fault of ours, and no reason to send everybody to the door
        if (cause instanceof errors.JOSEError || cause instanceof NotOurs) throw badToken(cause)
        throw cause
      }
    },

    /** `<session id>.<secret>.<mac>`; only the secret's keyed hash is stored. */
    newRefresh(sessionId: string): { token: string; hash: Buffer } {
      const [key] = refreshSecrets() as [string]
      const secret = randomBytes(32).toString('base64url')
      return { token: `${sessionId}.${secret}.${macOf(key, sessionId, secret)}`, hash: hashOf(key, secret) }
    },

    /** Only what we issued, once: a stranger who knows a session's id must not be able to end it by guessing. */
    readRefresh(token: string): { sessionId: string; hash: Buffer } {
      const match = REFRESH.exec(token)
      if (!match) throw badToken()
      const [, sessionId, secret, mac] = match as unknown as [string, string, string, string] // three groups
      const isOf = (key: string) => sameBytes(Buffer.from(mac), Buffer.from(macOf(key, sessionId, secret)))
      const key = ID.test(sessionId) ? refreshSecrets().find(isOf) : undefined
      if (key === undefined) throw badToken()
      return { sessionId, hash: hashOf(key, secret) }
    },

    sameHash: sameBytes,
  }

  function remember(token: string, entry: { claims: AccessClaims; expiresAt: number }): void {
    // a Map lists its entries oldest first
    if (read.size >= MOST_READ) read.delete(read.keys().next().value as string)
    read.set(token, entry)
  }
}

/** 16 bytes: what cannot be tried at home needs no more. */
function macOf(key: string, sessionId: string, secret: string): string {
  const mac = createHmac('sha256', key).update(`refresh\n${sessionId}\n${secret}`).digest()
  return mac.subarray(0, 16).toString('base64url')
}

const hashOf = (key: string, secret: string): Buffer => createHmac('sha256', key).update(secret).digest()

/** A key's name tells which it is, and nothing of it. */
function keyOf(secret: string): Key {
  const id = createHmac('sha256', secret).update('key id').digest('hex').slice(0, 8)
  return { id, bytes: new TextEncoder().encode(secret) }
}

function unknownKey(id: string): never {
  throw new NotOurs(`signed with a key that is not ours: ${id}`)
}

class NotOurs extends Error {}

const sameBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

function idOf(claim: unknown): string {
  if (typeof claim === 'string' && ID.test(claim)) return claim
  throw new NotOurs('a claim that must be an id is none')
}

export function badToken(cause?: unknown): AppError {
  return new AppError(
    'unauthenticated',
    'auth.bad_token',
    'The token is not valid, or no longer so.',
    {},
    { cause },
  )
}
