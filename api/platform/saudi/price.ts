import { westernDigits } from '../digits.js'
import { type Halalas, halalas, readSar } from '../money.js'
import { type Reading, read, refused } from './reading.js'

export const LEAST_PRICE = halalas(1)
/** 9,999,999.99 riyals. */
export const MOST_PRICE = halalas(999_999_999)

/**
 * A price in riyals as people write it: `115`, `115.5`, `1,150.00`, `١٬١٥٠٫٥٠`. Above zero, at most 9,999,999.99; a
 * third decimal is refused and never rounded.
 */
export function readPrice(text: string): Reading<Halalas> {
  const amount = readSar(text)
  if (amount === undefined)
    return refused(/^[^.٫]+[.٫]\d{3,}$/.test(westernDigits(text.trim())) ? 'price.decimals' : 'price.shape')
  return isPrice(amount) ? read(amount) : refused('price.range')
}

export const isPrice = (amount: number): boolean => amount >= LEAST_PRICE && amount <= MOST_PRICE
