import {
  allocate,
  type BasisPoints,
  type Halalas,
  minus,
  netOfInclusive,
  portion,
  sum,
  VAT_STANDARD,
  ZERO,
} from '../../api/platform/money.js'
import { type SellerKey, sellers } from './sellers.js'

export type Price = {
  total: Halalas
  net: Halalas
  vat: Halalas
  rounding: Halalas
  rate: BasisPoints
  lineNets: Halalas[]
}

/** An order's VAT, out of shelf prices that include it. A seller who is not registered may not charge any. */
export function priceOf(seller: SellerKey, lineTotals: readonly Halalas[]): Price {
  const total = sum(lineTotals)
  if (sellers[seller].vatNumber === null) {
    return { total, net: total, vat: ZERO, rounding: ZERO, rate: 0, lineNets: [...lineTotals] }
  }
  const net = netOfInclusive(total, VAT_STANDARD)
  const vat = portion(net, VAT_STANDARD)
  const rounding = minus(minus(total, net), vat)
  return { total, net, vat, rounding, rate: VAT_STANDARD, lineNets: allocate(net, lineTotals) }
}
