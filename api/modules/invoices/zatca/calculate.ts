import { AppError } from '../../../platform/errors.js'
import {
  type BasisPoints,
  type Halalas,
  minus,
  netOfInclusive,
  portion,
  sum,
  ZERO,
} from '../../../platform/money.js'

/** net + vat + rounding = total, to the halala. */
export type VatCalculation = {
  rate: BasisPoints
  net: Halalas
  vat: Halalas
  rounding: Halalas
  total: Halalas
}

/** What is added to an amount without VAT. Refuses negative amounts. */
export function vatOnTop(net: Halalas, rate: BasisPoints): VatCalculation {
  assertAmount(net)
  const vat = portion(net, rate)
  return { rate, net, vat, rounding: ZERO, total: sum([net, vat]) }
}

/**
 * What is inside an amount with VAT, as a document states it: VAT is the rate on the net, half up, and for one amount in
 * eight the two miss the whole by a halala, which is the rounding (BT-114). Refuses negative amounts.
 */
export function vatInside(total: Halalas, rate: BasisPoints): VatCalculation {
  assertAmount(total)
  const net = netOfInclusive(total, rate)
  const vat = portion(net, rate)
  return { rate, net, vat, rounding: minus(minus(total, net), vat), total }
}

function assertAmount(amount: Halalas): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return
  throw new AppError('invalid', 'vat.bad_amount', 'An amount is a whole number of halalas, zero or more.')
}
