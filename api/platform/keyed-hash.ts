import { createHmac, hkdfSync } from 'node:crypto'

/** HMAC-SHA-256 of what somebody holds, bound to whose it is: 32 bytes. */
export type KeyedHash = (userId: string, text: string) => Buffer

/**
 * For what is long and random, so that it needs no slow hash: under a key that the database does not hold, a copy of
 * a table opens nothing, and a hash moved to another person's row is worthless there.
 */
export function createKeyedHash(secretHex: () => string, purpose: string): KeyedHash {
  let made: Buffer | undefined
  const key = () =>
    (made ??= Buffer.from(hkdfSync('sha256', Buffer.from(secretHex(), 'hex'), '', purpose, 32)))
  return (userId, text) => createHmac('sha256', key()).update(`${userId}\n${text}`).digest()
}
