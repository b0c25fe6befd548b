import type { BasisPoints, Halalas } from '../../../../platform/money.js'
import { toSar } from '../../../../platform/money.js'
import type { Part, Vat } from '../document.js'
import { type ExemptionCode, exemption } from '../exemptions.js'
import { categoryOf, partAmount, rateOf } from '../totals.js'
import { attribute, cac, cbc } from './element.js'

/* What document and lines have in common: amounts, VAT categories, allowances and charges. */

export const VAT_SCHEME = cac('TaxScheme', cbc('ID', 'VAT'))

export function partContent(
  part: Part & { reason: string; code?: string },
  isCharge: 'true' | 'false',
  money: MoneyElement,
): string {
  return [
    cbc('ChargeIndicator', isCharge),
    cbc('AllowanceChargeReasonCode', part.code), // BT-105, BT-145
    cbc('AllowanceChargeReason', part.reason), // BT-97, BT-104, BT-139, BT-144
    cbc('MultiplierFactorNumeric', 'percent' in part ? percent(part.percent) : undefined), // BT-94, BT-101, BT-138, BT-143
    money('Amount', partAmount(part)), // BT-92, BT-99, BT-136, BT-141
    money('BaseAmount', 'percent' in part ? part.of : undefined), // BT-93, BT-100, BT-137, BT-142
  ].join('')
}

/** Category and rate; in the breakdown the reason too, where no VAT is charged. */
export function taxCategory(name: string, vat: Vat, withReason = false): string {
  const why = withReason && 'exemption' in vat ? vat : undefined
  return cac(
    name,
    cbc('ID', categoryOf(vat)), // BT-95, BT-102, BT-118, BT-151, KSA-33
    cbc('Percent', percent(rateOf(vat))), // BT-96, BT-103, BT-119, BT-152, KSA-34
    cbc('TaxExemptionReasonCode', why?.exemption), // BT-121
    cbc('TaxExemptionReason', why && (why.text ?? reasonText(why.exemption))), // BT-120
    VAT_SCHEME,
  )
}

function reasonText(code: ExemptionCode): string {
  const { en, ar } = exemption(code)
  return `${en} | ${ar}`
}

const percent = (rate: BasisPoints): string => toSar(rate as Halalas)

export type MoneyElement = ((name: string, amount: Halalas | undefined) => string) & { currency: string }

/** `<cbc:Amount currencyID="SAR">1.00</cbc:Amount>`: two decimals, always. */
export function moneyIn(currency: string): MoneyElement {
  const code = attribute('currencyID', currency)
  const element = (name: string, amount: Halalas | undefined) =>
    amount === undefined ? '' : `<cbc:${name}${code}>${toSar(amount)}</cbc:${name}>`
  return Object.assign(element, { currency })
}
