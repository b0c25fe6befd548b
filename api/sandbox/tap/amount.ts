/** Decimals that Tap reads and signs, for each currency it takes. */
const DIGITS = new Map([
  ...['SAR', 'AED', 'QAR', 'EGP', 'USD', 'EUR', 'GBP'].map(code => [code, 2] as const),
  ...['KWD', 'BHD', 'OMR', 'JOD'].map(code => [code, 3] as const),
])

// A JSON number is a double: beyond fifteen digits its text is no longer what the sender wrote.
const LIMIT = 10n ** 15n

export const isSupported = (currency: string): boolean => DIGITS.has(currency)

/**
 * Whole minor units of a decimal; undefined for a negative amount, an unknown currency or too many decimals.
 * Works on the shortest text of the number, so 1.005 stays 1.005 and is refused for SAR.
 */
export function minorUnits(amount: number, currency: string): bigint | undefined {
  const digits = DIGITS.get(currency)
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(amount))
  if (digits === undefined || !match) return undefined
  const [, whole, decimals = ''] = match
  if (decimals.length > digits) return undefined
  const units = BigInt(`${whole}${decimals.padEnd(digits, '0')}`)
  return units < LIMIT ? units : undefined
}

/** `1.00` for 1 SAR, `1.500` for 1.5 KWD: the text that goes into the signature and onto the page. */
export function amountText(amount: number, currency: string): string {
  const units = minorUnits(amount, currency)
  const digits = DIGITS.get(currency)
  if (units === undefined || digits === undefined)
    throw new RangeError(`not an amount: ${amount} ${currency}`)
  const text = units.toString().padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** For people: thousands apart, `12,345.00`. */
export function groupedAmount(amount: number, currency: string): string {
  const [whole = '', decimals = ''] = amountText(amount, currency).split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`
}
