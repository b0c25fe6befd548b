import { randomBytes } from 'node:crypto'
import { createKeyedHash, type KeyedHash } from '../../platform/keyed-hash.js'

export const HOW_MANY = 10
/** 24 letters of 5 bits: 120 bits (ASVS 5.0, 6.5.2 asks for 112 where a code is kept as a plain or keyed hash). */
const LETTERS = 24
/** Crockford's base32: no I, L, O or U, which are taken for other letters. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `7K3M-QX9D-…`: six groups of four, for typing. */
export function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(LETTERS), byte => ALPHABET[byte % ALPHABET.length]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** What somebody typed, as it was printed; undefined where it cannot be a code. */
export function readRecoveryCode(typed: string): string | undefined {
  const letters = typed
    .toUpperCase()
    .replace(/[\s\u200e\u200f-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return letters.length === LETTERS && [...letters].every(letter => ALPHABET.includes(letter))
    ? letters
    : undefined
}

export type RecoveryHash = KeyedHash

/** Under a key that the database does not hold. */
export const createRecoveryHash = (secretHex: () => string): RecoveryHash =>
  createKeyedHash(secretHex, 'recovery codes')
