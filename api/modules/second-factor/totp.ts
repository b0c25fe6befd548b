import { Secret, TOTP } from 'otpauth'
import { AppError } from '../../platform/errors.js'

/** RFC 6238 as every authenticator app speaks it: SHA-1, six digits, steps of 30 seconds, a seed of 160 bits. */
const STEP_SECONDS = 30
const SEED_BYTES = 20
const FORM = { issuer: 'CargoParts', algorithm: 'SHA1', digits: 6, period: STEP_SECONDS }

export const newSeed = (): Buffer => Buffer.from(new Secret({ size: SEED_BYTES }).bytes)

/** For typing into an authenticator: base32. */
export const seedText = (seed: Buffer): string => secretOf(seed).base32

/** `otpauth://totp/CargoParts:<account>?issuer=CargoParts&secret=…`: what the QR picture holds. */
export const uriOf = (seed: Buffer, account: string): string =>
  new TOTP({ ...FORM, label: account, secret: secretOf(seed) }).toString()

/**
 * The time step whose code this is, at most `window` steps before or after now; null when it is none of theirs.
 * RFC 6238, 5.2: the caller refuses a step it has seen, and any older one.
 */
export function stepOf(seed: Buffer, code: string, now: Date, window: number): number | null {
  const timestamp = now.getTime()
  const delta = new TOTP({ ...FORM, secret: secretOf(seed) }).validate({ token: code, timestamp, window })
  return delta === null ? null : Math.floor(timestamp / 1000 / STEP_SECONDS) + delta
}

/** The code an authenticator shows at that time. */
export function codeAt(seedBase32: string, at: Date): string {
  if (!/^[A-Z2-7]{16,128}$/.test(seedBase32)) {
    throw new AppError('invalid', 'second_factor.bad_secret', 'That is no base32 secret of an authenticator.')
  }
  return new TOTP({ ...FORM, secret: Secret.fromBase32(seedBase32) }).generate({ timestamp: at.getTime() })
}

// otpauth wants an ArrayBuffer that holds the seed and nothing else
const secretOf = (seed: Buffer): Secret => new Secret({ buffer: new Uint8Array(seed).buffer })
