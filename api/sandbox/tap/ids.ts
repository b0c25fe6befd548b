import { randomInt } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const random = (length: number, alphabet: string): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** `chg_TS02A…`: the look of Tap's test ids. Clients must treat them as opaque. */
export const tapId = (prefix: 'chg' | 'auth' | 're' | 'cus' | 'tck' | 'activity'): string =>
  `${prefix}_TS02A${random(22, ALPHABET)}`

export const digits = (length: number): string => random(length, '0123456789')
