import { westernDigits } from './digits.js'

/** A whole number of halalas (1 SAR = 100). Never a fraction, never beyond 2^53. */
export type Halalas = number & { readonly __unit: 'halalas' }
/** A rate in hundredths of a per cent: 15 % is 1500. */
export type BasisPoints = number

export const VAT_STANDARD: BasisPoints = 1500
export const ZERO = halalas(0)

export function halalas(value: number | bigint): Halalas {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a whole number of halalas: ${value}`)
  return number as Halalas
}

export function sum(amounts: Iterable<Halalas>): Halalas {
  let total = 0n
  for (const amount of amounts) total += BigInt(amount)
  return halalas(total)
}

export function minus(a: Halalas, b: Halalas): Halalas {
  return halalas(BigInt(a) - BigInt(b))
}

/** `quantity` times a unit price. */
export function times(unit: Halalas, quantity: number): Halalas {
  if (!Number.isSafeInteger(quantity)) throw new RangeError(`not a whole quantity: ${quantity}`)
  return halalas(BigInt(unit) * BigInt(quantity))
}

/** amount × basisPoints / 10000, half away from zero. */
export function portion(amount: Halalas, basisPoints: BasisPoints): Halalas {
  return halalas(divideHalfAway(BigInt(amount) * BigInt(basisPoints), 10_000n))
}

/** The net of an amount that already holds the tax: gross × 10000 / (10000 + rate), half away from zero. */
export function netOfInclusive(gross: Halalas, rate: BasisPoints): Halalas {
  return halalas(divideHalfAway(BigInt(gross) * 10_000n, 10_000n + BigInt(rate)))
}

/**
 * Splits `total` in proportion to `weights` so that the parts add up exactly (largest remainder; the
 * earlier part wins a tie). Each part is within one halala of its exact share.
 */
export function allocate(total: Halalas, weights: readonly Halalas[]): Halalas[] {
  if (total < 0 || weights.some(weight => weight < 0))
    throw new RangeError('allocation needs amounts of zero or more')
  const whole = BigInt(sum(weights))
  if (whole === 0n) {
    if (total !== 0) throw new RangeError('nothing to allocate to')
    return weights.map(() => ZERO)
  }
  const shares = weights.map((weight, index) => {
    const exact = BigInt(total) * BigInt(weight)
    return { index, part: exact / whole, remainder: exact % whole }
  })
  let left = BigInt(total) - shares.reduce((done, share) => done + share.part, 0n)
  const byRemainder = [...shares].sort((a, b) =>
    b.remainder > a.remainder ? 1 : b.remainder < a.remainder ? -1 : a.index - b.index,
  )
  for (const share of byRemainder) {
    if (left === 0n) break
    share.part += 1n
    left -= 1n
  }
  return shares.map(share => halalas(share.part))
}

/** `115.00`: decimals for people, providers and XML. String arithmetic, no float. */
export function toSar(amount: Halalas): string {
  const digits = Math.abs(amount).toString().padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Reads `115`, `115.5` or `115.50`; undefined for anything else, a third decimal included. */
export function fromSar(text: string): Halalas | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole, decimals = ''] = match
  const value = BigInt(`${whole}${decimals.padEnd(2, '0')}`)
  return halalas(sign ? -value : value)
}

/**
 * An amount as people write it: Arabic digits and marks (`١٬١٥٠٫٥٠`), thousands parted in threes (`1,150.00`).
 * What could be read in two ways (`1,5`, `1.150,00`) is not read at all.
 */
export function readSar(text: string): Halalas | undefined {
  const plain = westernDigits(text.trim()).replaceAll('٫', '.').replaceAll('٬', ',')
  const [whole = '', ...decimals] = plain.split('.')
  if (whole.includes(',') && !/^-?\d{1,3}(,\d{3})+$/.test(whole)) return undefined
  return fromSar([whole.replaceAll(',', ''), ...decimals].join('.'))
}

/** What goes over the wire. */
export type Money = { amount: Halalas; currency: 'SAR' }
export const money = (amount: Halalas): Money => ({ amount, currency: 'SAR' })

function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator
  const rounded = (2n * magnitude + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}
