import { AppError } from '../platform/errors.js'
import { passesLuhn } from '../platform/redact.js'
import { type InputPlace, pointerTo } from './parse.js'

const MAX_DEPTH = 20
/** The number ranges of the card schemes, in groups as people type them. */
const CARD = /(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])/g
const SCHEME = /^(4\d{12}(\d{3}){0,2}|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6\d{15,18})$/
const VAT_NUMBER = /^3\d{13}3$/

/**
 * What no field may hold, wherever it stands: PostgreSQL refuses NUL and half a surrogate pair, and a card
 * number must never come near us (PCI DSS: its place is the provider's page).
 */
export function checkValues(value: unknown, place: InputPlace, path: PropertyKey[] = []): void {
  if (path.length > MAX_DEPTH) {
    throw new AppError('malformed', 'request.too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`)
  }
  if (typeof value === 'string') checkText(value, place, path)
  if (value === null || typeof value !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    checkText(key, place, path)
    checkValues(item, place, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

function checkText(text: string, place: InputPlace, path: PropertyKey[]): void {
  const pointer = pointerTo(path, place)
  if (text.includes('\0') || !text.isWellFormed()) {
    const detail = 'holds a character that cannot be stored'
    throw new AppError('malformed', 'request.bad_text', `${pointer} ${detail}.`, {
      errors: [{ pointer, detail }],
    })
  }
  for (const [run] of text.matchAll(CARD)) {
    const digits = run.replace(/[ -]/g, '')
    if (SCHEME.test(digits) && !VAT_NUMBER.test(digits) && passesLuhn(digits)) {
      const detail = 'holds a card number'
      throw new AppError('invalid', 'request.card_number', 'Never send a card number here.', {
        errors: [{ pointer, detail }],
      })
    }
  }
}
