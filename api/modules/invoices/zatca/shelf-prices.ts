import {
  allocate,
  type Halalas,
  halalas,
  minus,
  netOfInclusive,
  portion,
  sum,
  ZERO,
} from '../../../platform/money.js'
import { type Decimal, divide, multiply, ofHalalas, round, toHalalas } from './decimal.js'
import type { Allowance, Charge, Line, TaxDocument } from './document.js'
import { categoryOf, rateOf } from './totals.js'

/** A line by what its buyer pays for all of it, VAT included. */
export type ShelfLine = Omit<Line, 'unitPrice' | 'discount' | 'allowances' | 'charges'> & { paid: Halalas }
export type ShelfAllowance = Omit<Allowance, 'amount' | 'percent' | 'of'> & { paid: Halalas }
export type ShelfCharge = Omit<Charge, 'amount' | 'percent' | 'of'> & { paid: Halalas }
export type ShelfCart = {
  lines: readonly ShelfLine[]
  allowances?: readonly ShelfAllowance[]
  /** A delivery fee is one, of code FC. */
  charges?: readonly ShelfCharge[]
}
export type Priced = Required<Pick<TaxDocument, 'lines' | 'allowances' | 'charges' | 'rounding'>>

/**
 * A cart of VAT-inclusive prices as a document states it, so that the sum to pay is exactly the sum of the shelf prices.
 * For each rate the net is what the whole sum holds without VAT; lines and charges share it by largest remainder; what
 * net and VAT together miss (one halala a rate at most) is the rounding amount. Unit prices get the decimals they need.
 */
export function fromShelfPrices({ lines, allowances = [], charges = [] }: ShelfCart): Priced {
  const nets = new Map<object, Halalas>()
  let rounding = 0n
  for (const group of byRate([...lines, ...charges, ...allowances])) {
    const rate = rateOf((group[0] as Priceable).vat)
    const less = group.filter(item => allowances.includes(item as ShelfAllowance))
    const more = group.filter(item => !less.includes(item))
    for (const allowance of less) nets.set(allowance, netOfInclusive(allowance.paid, rate))
    const paid = minus(sum(more.map(item => item.paid)), sum(less.map(item => item.paid)))
    const net = netOfInclusive(paid, rate)
    rounding += BigInt(paid) - BigInt(net) - BigInt(portion(net, rate))
    const shared = sum([net, ...less.map(allowance => nets.get(allowance) as Halalas)])
    const shares = allocate(
      shared,
      more.map(item => item.paid),
    )
    more.forEach((item, index) => {
      nets.set(item, shares[index] as Halalas)
    })
  }
  const netOf = (item: object) => nets.get(item) ?? ZERO
  return {
    lines: lines.map(({ paid, ...line }, index) => ({
      ...line,
      unitPrice: unitPriceOf(netOf(lines[index] as ShelfLine), line.quantity),
    })),
    allowances: allowances.map(item => ({ reason: item.reason, vat: item.vat, amount: netOf(item) })),
    charges: charges.map(item => ({
      reason: item.reason,
      code: item.code,
      vat: item.vat,
      amount: netOf(item),
    })),
    rounding: halalas(rounding),
  }
}

/** The price with the fewest decimals (two or more) that gives exactly `net` for `quantity`. */
export function unitPriceOf(net: Halalas, quantity: Decimal): Decimal {
  for (let scale = 2; ; scale++) {
    const price = round(divide(ofHalalas(net), quantity, scale + 2), scale)
    if (toHalalas(multiply(price, quantity)) === net) return price
  }
}

type Priceable = ShelfLine | ShelfAllowance | ShelfCharge

function byRate(items: readonly Priceable[]): Priceable[][] {
  const groups = new Map<string, Priceable[]>()
  for (const item of items) {
    const key = categoryOf(item.vat) + rateOf(item.vat)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()]
}
