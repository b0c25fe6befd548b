import { add, type Decimal, decimal, isEqual, round, subtract } from '../decimal.js'
import { documentParts } from './ksa-charges.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, decimalsIn, decimalsOf, isFilled, normalOne, one } from './values.js'
import { has, isVat, select, type View } from './view.js'
import type { Element } from './xml-tree.js'

const { error, warning, dormantError, dormantWarning } = rulesOf('EN')
const TOTALS = 'cac:LegalMonetaryTotal'
const ZERO = decimal('0')

/** Sums of the document, and the parts they are made of. */
export const totalRules: Rule[] = [
  warning('BR-13', view => totals(view).filter(total => !has(total, 'cbc:TaxExclusiveAmount'))),
  error('BR-14', view => totals(view).filter(total => !has(total, 'cbc:TaxInclusiveAmount'))),
  error('BR-15', view => totals(view).filter(total => !has(total, 'cbc:PayableAmount'))),
  warning('BR-CO-10', view =>
    totals(view).filter(total => !isSum(amountOf(total, 'LineExtensionAmount'), sumOf(lineNets(view, true)))),
  ),
  error('BR-CO-11', view =>
    totals(view).filter(total => isWrongPartSum(view, total, 'AllowanceTotalAmount', false)),
  ),
  error('BR-CO-12', view =>
    totals(view).filter(
      total => isEmptyChargeTotal(total) || isWrongPartSum(view, total, 'ChargeTotalAmount', true),
    ),
  ),
  warning('BR-CO-13', view =>
    totals(view).filter(total => isEmptyChargeTotal(total) || isWrongNet(view, total)),
  ),
  error('BR-CO-14', view =>
    view.path('cac:TaxTotal').filter(total => {
      const told = amountOf(total, 'TaxAmount')
      if (!has(total, 'cac:TaxSubtotal')) return false
      return !isSum(told, sumOf(select(total, 'cac:TaxSubtotal/cbc:TaxAmount')))
    }),
  ),
  error('BR-CO-15', isWrongGross),
  warning('BR-CO-16', view => totals(view).filter(isWrongPayable)),
  error('BR-CO-18', view => !has(view.root, 'cac:TaxTotal/cac:TaxSubtotal')),
  warning('BR-DEC-13', view => taxAmounts(view, 'cbc:DocumentCurrencyCode')),
  warning('BR-DEC-15', view => taxAmounts(view, 'cbc:TaxCurrencyCode')),
  ...Object.entries({
    'BR-DEC-09': 'LineExtensionAmount',
    'BR-DEC-10': 'AllowanceTotalAmount',
    'BR-DEC-11': 'ChargeTotalAmount',
    'BR-DEC-12': 'TaxExclusiveAmount',
    'BR-DEC-14': 'TaxInclusiveAmount',
    'BR-DEC-16': 'PrepaidAmount',
    'BR-DEC-17': 'PayableRoundingAmount',
    'BR-DEC-18': 'PayableAmount',
  }).map(([id, name]) => warning(id, view => withMoreDecimals(totals(view), name))),
  ...partRules(),
]

function partRules(): Rule[] {
  const lineParts = (view: View, isCharge: boolean) =>
    view
      .anywhere('cac:InvoiceLine/cac:AllowanceCharge')
      .filter(part => normalOne(select(part, 'cbc:ChargeIndicator')) === String(isCharge))
  const withoutAmount = (parts: readonly Element[]) => parts.filter(part => !has(part, 'cbc:Amount'))
  return [
    error('BR-31', view => withoutAmount(documentParts(view, false))),
    warning('BR-36', view => withoutAmount(documentParts(view, true))),
    error('BR-32', view =>
      documentParts(view, false).filter(
        part =>
          !isFilled(
            select(part, 'cac:TaxCategory')
              .filter(isVat)
              .flatMap(category => select(category, 'cbc:ID')),
          ),
      ),
    ),
    warning('BR-37', view => documentParts(view, true).filter(part => !has(part, 'cac:TaxCategory/cbc:ID'))),
    warning('BR-DEC-01', view => withMoreDecimals(documentParts(view, false), 'Amount')),
    warning('BR-DEC-02', view => withMoreDecimals(documentParts(view, false), 'BaseAmount')),
    warning('BR-DEC-05', view => withMoreDecimals(documentParts(view, true), 'Amount')),
    warning('BR-DEC-06', view => withMoreDecimals(documentParts(view, true), 'BaseAmount')),
    dormantError('BR-41', view => withoutAmount(lineParts(view, false))),
    warning('BR-43', view => withoutAmount(lineParts(view, true))),
    dormantWarning('BR-DEC-24', view => withMoreDecimals(lineParts(view, false), 'Amount')),
    dormantWarning('BR-DEC-25', view => withMoreDecimals(lineParts(view, false), 'BaseAmount')),
    warning('BR-DEC-27', view => withMoreDecimals(lineParts(view, true), 'Amount')),
    warning('BR-DEC-28', view => withMoreDecimals(lineParts(view, true), 'BaseAmount')),
  ]
}

const totals = (view: View): readonly Element[] => view.anywhere(TOTALS)
const amountOf = (total: Element, name: string) => decimalOf(select(total, `cbc:${name}`))
const lineNets = (view: View, isAnywhere = false) =>
  isAnywhere
    ? view.anywhere('cac:InvoiceLine/cbc:LineExtensionAmount')
    : view.path('cac:InvoiceLine/cbc:LineExtensionAmount')
const sumOf = (amounts: readonly Element[]): Decimal => decimalsIn(amounts).reduce(add, ZERO)
const isSum = (stated: Decimal | undefined, sum: Decimal): boolean =>
  stated !== undefined && isEqual(stated, round(sum, 2))

const withMoreDecimals = (elements: readonly Element[], name: string) =>
  elements.filter(element => decimalsOf(one(select(element, `cbc:${name}`))) > 2)

function taxAmounts(view: View, currency: string): readonly Element[] {
  const codes = view.anywhere(currency).map(code => one([code]))
  return view
    .path('cac:TaxTotal/cbc:TaxAmount')
    .filter(amount => codes.includes(amount.attributes.currencyID ?? '') && decimalsOf(one([amount])) > 2)
}

function isWrongPartSum(view: View, total: Element, name: string, isCharge: boolean): boolean {
  const parts = documentParts(view, isCharge)
  const stated = amountOf(total, name)
  if (stated === undefined) return parts.length > 0
  return !isSum(stated, sumOf(parts.flatMap(part => select(part, 'cbc:Amount'))))
}

const isEmptyChargeTotal = (total: Element): boolean => {
  const charges = select(total, 'cbc:ChargeTotalAmount')
  return charges.length > 0 && normalOne(charges) === ''
}

/** BT-109 = lines + charges − allowances. */
function isWrongNet(view: View, total: Element): boolean {
  const [charges, allowances] = [
    amountOf(total, 'ChargeTotalAmount'),
    amountOf(total, 'AllowanceTotalAmount'),
  ]
  const net = amountOf(total, 'TaxExclusiveAmount')
  if (!charges && !allowances) {
    const lines = amountOf(total, 'LineExtensionAmount')
    return !(net && lines && isEqual(net, lines))
  }
  return !isSum(net, subtract(add(sumOf(lineNets(view)), charges ?? ZERO), allowances ?? ZERO))
}

/** BT-112 = BT-109 + the VAT of the breakdown, and VAT is told in the document's currency. */
function isWrongGross(view: View): boolean {
  return view.path('cbc:DocumentCurrencyCode').some(currency => {
    const told = view
      .path('cac:TaxTotal/cbc:TaxAmount')
      .filter(amount => amount.attributes.currencyID === one([currency]))
    if (decimalsIn(told).length < 1) return true
    const net = decimalOf(view.path(`${TOTALS}/cbc:TaxExclusiveAmount`))
    const gross = decimalOf(view.path(`${TOTALS}/cbc:TaxInclusiveAmount`))
    const vat = sumOf(view.path('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount'))
    return !(net && isSum(gross, add(net, vat)))
  })
}

/** BT-115 = BT-112 − BT-113 + BT-114. */
function isWrongPayable(total: Element): boolean {
  const gross = amountOf(total, 'TaxInclusiveAmount')
  const payable = amountOf(total, 'PayableAmount')
  const prepaid = amountOf(total, 'PrepaidAmount')
  const rounding = amountOf(total, 'PayableRoundingAmount')
  if (!gross || !payable) return true
  const due = prepaid ? round(subtract(gross, prepaid), 2) : gross
  return !isEqual(rounding ? round(subtract(payable, rounding), 2) : payable, due)
}
