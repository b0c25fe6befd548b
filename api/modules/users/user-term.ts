import { wordsOf } from '../../platform/fold.js'
import { readCommercialRegistration } from '../../platform/saudi/commercial-registration.js'

/** What somebody in the back office typed to find an account. */
export type Term =
  | { kind: 'id'; id: string }
  /** Beginnings match: the whole address is one. */
  | { kind: 'email'; start: string }
  | { kind: 'phone'; phone: string }
  | { kind: 'cr'; number: string }
  /** Parts of a person's or a shop's name, and where it can be one, the beginning of an address. */
  | { kind: 'words'; words: string[]; start: string | undefined }

/** Shorter words alone would be looked for in every name there is: an index on groups of three letters knows none. */
const SHORTEST = 3
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const EMAIL_START = /^[\w.+-]{3,}$/

/** `phone` is the number as accounts keep it, where the text is one. Undefined where there is too little to go by. */
export function termOf(text: string, phone: string | undefined): Term | undefined {
  if (UUID.test(text)) return { kind: 'id', id: text.toLowerCase() }
  if (text.includes('@')) return { kind: 'email', start: text.toLowerCase() }
  if (phone !== undefined) return { kind: 'phone', phone }
  const { value: cr } = readCommercialRegistration(text)
  if (cr) return { kind: 'cr', number: cr.number }
  const words = [...new Set(wordsOf(text))]
  if (!words.some(word => [...word].length >= SHORTEST)) return undefined
  return { kind: 'words', words, start: EMAIL_START.test(text) ? text.toLowerCase() : undefined }
}
