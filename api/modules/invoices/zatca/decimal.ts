import { type Halalas, halalas } from '../../../platform/money.js'

/** An exact decimal number: `digits` × 10^-`scale`. Prices have more decimals than amounts, quantities may have some. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

const LEXICAL = /^[\t\n\r ]*([+-]?)(\d*)(?:\.(\d*))?[\t\n\r ]*$/

/** What XML Schema calls a decimal: sign, digits, a point. No exponent. Undefined for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = LEXICAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', decimals = ''] = match
  if (whole === '' && decimals === '') return undefined
  const digits = BigInt(whole + decimals)
  return { digits: sign === '-' ? -digits : digits, scale: decimals.length }
}

/** A decimal that stands in our own code or was checked before. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text)
  if (!value) throw new RangeError(`not a decimal number: ${text}`)
  return value
}

export const ofWhole = (value: number | bigint): Decimal => ({ digits: BigInt(value), scale: 0 })
export const ofHalalas = (value: Halalas): Decimal => ({ digits: BigInt(value), scale: 2 })

export function add(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { digits: a.digits + b.digits, scale: a.scale }
  const scale = Math.max(a.scale, b.scale)
  return { digits: widen(a, scale) + widen(b, scale), scale }
}

export const negate = (a: Decimal): Decimal => ({ digits: -a.digits, scale: a.scale })
export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negate(b))
export const multiply = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  scale: a.scale + b.scale,
})

/** a / b, cut (towards zero) after `scale` decimals. */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  const up = scale + b.scale - a.scale
  const digits =
    up >= 0 ? (a.digits * 10n ** BigInt(up)) / b.digits : a.digits / (b.digits * 10n ** BigInt(-up))
  return { digits, scale }
}

export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const [left, right] = [widen(a, scale), widen(b, scale)]
  return left < right ? -1 : left > right ? 1 : 0
}

export const isEqual = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0

/** Half up, towards plus infinity, as XPath rounds. For what is not negative that is half away from zero too. */
export function round(a: Decimal, scale: number): Decimal {
  if (a.scale <= scale) return { digits: widen(a, scale), scale }
  const unit = 10n ** BigInt(a.scale - scale)
  return { digits: floorDivide(2n * a.digits + unit, 2n * unit), scale }
}

/** Down to `scale` decimals, towards minus infinity. */
export function floor(a: Decimal, scale: number): Decimal {
  if (a.scale <= scale) return { digits: widen(a, scale), scale }
  return { digits: floorDivide(a.digits, 10n ** BigInt(a.scale - scale)), scale }
}

export const toHalalas = (a: Decimal): Halalas => halalas(round(a, 2).digits)

/** `33.333333`, with no more decimals than it needs, but at least two. */
export function toText({ digits, scale }: Decimal, least = 2): string {
  const all = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = scale === 0 ? all : all.slice(0, -scale)
  const decimals = (scale === 0 ? '' : all.slice(-scale)).replace(/0+$/, '').padEnd(least, '0')
  return `${digits < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`
}

function widen(a: Decimal, scale: number): bigint {
  return a.scale === scale ? a.digits : a.digits * 10n ** BigInt(scale - a.scale)
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const cut = numerator / denominator
  return numerator < 0n && cut * denominator !== numerator ? cut - 1n : cut
}
