const SECRET_NAME =
  /^(.*(password|passwd|secret|token|authorization|cookie|api[-_]?key|appsid|hashstring|signature))$|^(pan|cvv2?|cvc|cvn|pin|track|otp)$/i
const CARD_LIKE = /\b\d(?:[ -]?\d){12,18}\b/g
const MAX_DEPTH = 8

/** A copy fit for a log: secrets by name and card numbers by Luhn are gone, at any depth. Errors keep message, code and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskCards(value)
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? value.toString() : value
  if (depth >= MAX_DEPTH) return '[deep]'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Error) return redactError(value, depth)
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_NAME.test(key) ? '[redacted]' : redact(item, depth + 1),
    ]),
  )
}

/** `411111******1111` for every run of 13 to 19 digits that passes Luhn (PCI DSS 3.4.1: at most BIN and last four). */
export function maskCards(text: string): string {
  return text.replace(CARD_LIKE, run => {
    const digits = run.replace(/[ -]/g, '')
    return passesLuhn(digits)
      ? `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
      : run
  })
}

export function passesLuhn(digits: string): boolean {
  let total = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    total += doubled > 9 ? doubled - 9 : doubled
  }
  return total % 10 === 0
}

function redactError(error: Error, depth: number): unknown {
  const { code } = error as Error & { code?: unknown }
  // a driver error carries the row it choked on in `detail`: keep to the words that describe the kind of failure
  return {
    name: error.name,
    message: maskCards(error.message.split(' - ').pop() ?? ''),
    code,
    stack: error.stack === undefined ? undefined : maskCards(error.stack.split('\n').slice(1, 9).join('\n')),
    cause: error.cause === undefined ? undefined : redact(error.cause, depth + 1),
  }
}
