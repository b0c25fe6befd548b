import { isCardNumber, maskCards } from './cards.js'

export { maskCards }

const SECRET_NAME =
  /^.*(password|passwd|secret|token|authorization|cookie|appsid|hashstring|signature|(api|secret|private|encryption)[-_]?key|(password|token)[-_]?hash)s?$|^(pan|cvv2?|cvc|cvn|pin|track|otp)$/i
const MAX_DEPTH = 8
/** Field names are few and come again with every line; a stranger's may be any number. */
const MOST_NAMES = 1_000
const names = new Map<string, { shown: string; isSecret: boolean }>()

function nameOf(key: string): { shown: string; isSecret: boolean } {
  const known = names.get(key)
  if (known) return known
  const name = { shown: maskCards(key), isSecret: SECRET_NAME.test(key) }
  if (names.size < MOST_NAMES) names.set(key, name)
  return name
}

/** A copy fit for a log: secrets by name and card numbers by Luhn are gone, at any depth. Errors keep message, code and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskCards(value)
  if (typeof value === 'number') return isCardNumber(String(value)) ? maskCards(String(value)) : value
  if (typeof value === 'bigint') return maskCards(value.toString())
  if (value === null || typeof value !== 'object') return value
  if (depth >= MAX_DEPTH) return '[deep]'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[no date]' : value.toISOString()
  if (value instanceof Error) return redactError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const { shown, isSecret } = nameOf(key)
    put(copy, shown, isSecret ? '[redacted]' : redact(item, depth + 1))
  }
  return copy
}

/** `__proto__` as a field is a field. */
function put(copy: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') copy[key] = value
  else Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true })
}

function redactError(error: Error, depth: number): unknown {
  const { code } = error as Error & { code?: unknown }
  return {
    name: error.name,
    // knex puts the statement before the driver's words: those alone say what went wrong
    message: maskCards(error.message.split(' - ').pop() ?? ''),
    code,
    stack: framesOf(error),
    cause: error.cause === undefined ? undefined : redact(error.cause, depth + 1),
  }
}

/** Where it happened, without what was said: a message of several lines stands in the stack too. */
function framesOf({ stack }: Error): string | undefined {
  return stack
    ?.split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 8)
    .join('\n')
}
