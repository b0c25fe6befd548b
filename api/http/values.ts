import { holdsCardNumber, maskCards } from '../platform/cards.js'
import { AppError } from '../platform/errors.js'
import { type InputPlace, pointerTo } from './parse.js'

const MAX_DEPTH = 20

/**
 * What no field may hold, wherever it stands: PostgreSQL refuses NUL and half a surrogate pair, and a card
 * number must never come near us (PCI DSS: its place is the provider's page).
 */
export function checkValues(value: unknown, place: InputPlace, path: PropertyKey[] = []): void {
  if (path.length > MAX_DEPTH) {
    throw new AppError('malformed', 'request.too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`)
  }
  if (typeof value === 'string') checkText(value, place, path)
  if (typeof value === 'number') checkCards(String(value), place, path)
  if (value === null || typeof value !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    checkText(key, place, path)
    checkValues(item, place, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

function checkText(text: string, place: InputPlace, path: PropertyKey[]): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    const pointer = pointerTo(path, place)
    throw new AppError(
      'malformed',
      'request.bad_text',
      `${pointer} holds a character that cannot be stored.`,
      {
        errors: [{ pointer, detail: 'text.unstorable' }],
      },
    )
  }
  checkCards(text, place, path)
}

function checkCards(text: string, place: InputPlace, path: PropertyKey[]): void {
  if (!holdsCardNumber(text)) return
  throw new AppError('invalid', 'request.card_number', 'Never send a card number here.', {
    errors: [{ pointer: maskCards(pointerTo(path, place)), detail: 'text.card_number' }],
  })
}
