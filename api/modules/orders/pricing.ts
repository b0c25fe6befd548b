import {
  allocate,
  type BasisPoints,
  type Halalas,
  halalas,
  netOfInclusive,
  portion,
  sum,
  times,
} from '../../platform/money.js'

export type PricedLine = { totalHalalas: Halalas; netHalalas: Halalas }
export type Priced = {
  netHalalas: Halalas
  vatHalalas: Halalas
  /** total − net − VAT: −1, 0 or 1. A tax document states it as the rounding amount (BT-114). */
  roundingHalalas: Halalas
  totalHalalas: Halalas
  lines: PricedLine[]
}

/**
 * Splits VAT-inclusive shelf prices into net and VAT. VAT is the rate on the order's net (not the sum of
 * rounded line VATs: ZATCA's rule); the lines' nets add up to the order's net exactly.
 */
export function priceOrder(
  lines: readonly { unitPriceHalalas: Halalas; quantity: number }[],
  rate: BasisPoints,
): Priced {
  const totals = lines.map(line => times(line.unitPriceHalalas, line.quantity))
  const totalHalalas = sum(totals)
  const netHalalas = netOfInclusive(totalHalalas, rate)
  const vatHalalas = portion(netHalalas, rate)
  const nets = allocate(netHalalas, totals)
  return {
    totalHalalas,
    netHalalas,
    vatHalalas,
    roundingHalalas: halalas(totalHalalas - netHalalas - vatHalalas),
    lines: totals.map((total, index) => ({ totalHalalas: total, netHalalas: nets[index] as Halalas })),
  }
}
