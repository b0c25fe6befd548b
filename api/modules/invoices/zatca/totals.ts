import { AppError } from '../../../platform/errors.js'
import {
  type BasisPoints,
  type Halalas,
  halalas,
  minus,
  portion,
  sum,
  ZERO,
} from '../../../platform/money.js'
import { multiply, toHalalas } from './decimal.js'
import type { Line, Part, TaxDocument, Vat } from './document.js'
import { type ExemptionCode, exemption, type VatCategory } from './exemptions.js'

export type LineTotals = { net: Halalas; vat: Halalas; gross: Halalas }
/** One a category and rate, however many lines it has. */
export type Subtotal = {
  category: VatCategory
  rate: BasisPoints
  exemption?: ExemptionCode
  text?: string | undefined
  taxable: Halalas
  vat: Halalas
}
export type Totals = {
  lines: LineTotals[]
  lineNet: Halalas
  allowances: Halalas
  charges: Halalas
  /** Without VAT, after allowances and charges. */
  net: Halalas
  vat: Halalas
  /** VAT in riyals: the same, unless the document is in another currency. */
  vatSar: Halalas
  gross: Halalas
  prepaid: Halalas
  rounding: Halalas
  payable: Halalas
  subtotals: Subtotal[]
}

/**
 * All sums of a document. VAT of a category is its rate on the category's sum, rounded once, half up; a line's VAT is
 * rounded by itself and may miss it (ZATCA, XML Implementation Standard, chapter 10). Throws a RangeError beyond 2^53.
 */
export function totalsOf(document: TaxDocument): Totals {
  const { allowances = [], charges = [], advances = [], currency } = document
  const lines = document.lines.map(lineTotals)
  const sums = new Subtotals()
  document.lines.forEach((line, index) => {
    sums.add(line.vat, (lines[index] as LineTotals).net)
  })
  for (const charge of charges) sums.add(charge.vat, partAmount(charge))
  for (const allowance of allowances) sums.add(allowance.vat, halalas(-partAmount(allowance)))

  const subtotals = sums.close()
  const lineNet = sum(lines.map(line => line.net))
  const allowanceSum = sum(allowances.map(partAmount))
  const chargeSum = sum(charges.map(partAmount))
  const net = halalas(BigInt(lineNet) - BigInt(allowanceSum) + BigInt(chargeSum))
  const vat = sum(subtotals.map(subtotal => subtotal.vat))
  const gross = sum([net, vat])
  const prepaid = sum(advances.flatMap(advance => [advance.taxable, advance.vatAmount]))
  const rounding = document.rounding ?? ZERO
  return {
    lines,
    lineNet,
    allowances: allowanceSum,
    charges: chargeSum,
    net,
    vat,
    vatSar: currency ? toHalalas(multiply({ digits: BigInt(vat), scale: 2 }, currency.sarPerUnit)) : vat,
    gross,
    prepaid,
    rounding,
    payable: halalas(BigInt(gross) - BigInt(prepaid) + BigInt(rounding)),
    subtotals,
  }
}

/** Net is price × quantity, less allowances, plus charges: each rounded by itself. */
export function lineTotals(line: Line): LineTotals {
  const price = toHalalas(multiply(line.unitPrice, line.quantity))
  const charged = line.charges ? sum(line.charges.map(partAmount)) : ZERO
  const allowed = line.allowances ? sum(line.allowances.map(partAmount)) : ZERO
  const net = minus(sum([price, charged]), allowed)
  const vat = portion(net, rateOf(line.vat))
  return { net, vat, gross: sum([net, vat]) }
}

export const rateOf = (vat: Vat): BasisPoints => ('rate' in vat ? vat.rate : 0)
export const categoryOf = (vat: Vat): VatCategory => ('rate' in vat ? 'S' : exemption(vat.exemption).category)
export const partAmount = (part: Part): Halalas =>
  'amount' in part ? part.amount : portion(part.of, part.percent)

/** The breakdown has one entry a category, and that has one reason. */
const twoReasons = (one: string | undefined, other: string): AppError =>
  new AppError(
    'invalid',
    'invoices.two_reasons',
    `${one} and ${other} cannot stand in one document: write two.`,
  )

class Subtotals {
  readonly #byKey = new Map<string, Subtotal>()

  add(vat: Vat, amount: Halalas): void {
    const category = categoryOf(vat)
    const rate = rateOf(vat)
    const key = category + rate
    const found = this.#byKey.get(key)
    if (found) {
      if ('exemption' in vat && vat.exemption !== found.exemption)
        throw twoReasons(found.exemption, vat.exemption)
      found.taxable = sum([found.taxable, amount])
      return
    }
    const why = 'rate' in vat ? {} : { exemption: vat.exemption, text: vat.text }
    this.#byKey.set(key, { category, rate, ...why, taxable: amount, vat: ZERO })
  }

  close(): Subtotal[] {
    return [...this.#byKey.values()].map(subtotal => ({
      ...subtotal,
      vat: portion(subtotal.taxable, subtotal.rate),
    }))
  }
}
