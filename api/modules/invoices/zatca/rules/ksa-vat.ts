import { isEqual, round } from '../decimal.js'
import { ADVANCE_REASON_CODES, REASON_CODES } from './code-lists.js'
import { isOfKind, isPercentage } from './ksa-charges.js'
import { isWithin } from './ksa-header.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, isSome, isText, normal, normalOne, numberOf, one } from './values.js'
import { has, isCategory, isVat, matching, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')
const CODE = 'cbc:TaxExemptionReasonCode'
const REASON = 'cbc:TaxExemptionReason'
const BREAKDOWN = 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory'
const LINE = 'cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory'
const ADVANCE = 'cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory'

/** Categories, rates, reasons, currencies and signs of amounts. */
export const vatRules: Rule[] = [
  error('BR-KSA-18', view => categoryIds(view).filter(id => !' S Z E O '.includes(textOf(id)))),
  error('BR-KSA-DEC-02', view =>
    PERCENTS.flatMap(path => view.anywhere(path)).filter(percent => {
      const text = textOf(percent)
      return normal(text) !== '' && !isPercentage(text, decimalOf([percent]))
    }),
  ),
  error('BR-KSA-84', view =>
    hasStandardRate(view)
      ? ['cac:AllowanceCharge/cac:TaxCategory', BREAKDOWN, LINE, ADVANCE]
          .flatMap(path => view.path(path))
          .filter(category => isCategory(category, 'S') && isVat(category) && isUnknownRate(category))
      : false,
  ),
  warning('BR-KSA-F-06-C16', view =>
    untaxed(view).filter(category => {
      const reason = select(category, REASON)
      const code = select(category, CODE)
      // the rule of the personal services hides this one
      if (isText(code, 'VATEX-SA-EDU') || isText(code, 'VATEX-SA-HEA')) return false
      return reason.length > 0 && !isWithin(one(reason), 1, 1000)
    }),
  ),
  warning('BR-KSA-83', view =>
    untaxed(view).filter(category => has(category, CODE) && isUnexplained(category)),
  ),
  warning('BR-KSA-CL-04', view => untaxed(view).filter(category => isOtherReason(category, REASON_CODES))),
  warning('BR-KSA-69', view =>
    untaxed(view).filter(category => isCategory(category, 'Z') && isWithoutCode(category)),
  ),
  warning('BR-KSA-23', view =>
    untaxed(view).filter(category => isCategory(category, 'E') && isWithoutCode(category)),
  ),
  warning('BR-KSA-24', view =>
    untaxed(view).filter(category => isCategory(category, 'O') && isWithoutCode(category)),
  ),
  warning('BR-KSA-93', view => advances(view, ['Z']).filter(isWithoutCode)),
  warning('BR-KSA-94', view => advances(view, ['E']).filter(isWithoutCode)),
  warning('BR-KSA-95', view => advances(view, ['O']).filter(isWithoutCode)),
  warning('BR-KSA-96', view =>
    advances(view, ['Z', 'E', 'O']).filter(category => has(category, CODE) && isUnexplained(category)),
  ),
  warning('BR-KSA-CL-07', view =>
    advances(view, ['Z', 'E', 'O']).filter(category => isOtherReason(category, ADVANCE_REASON_CODES)),
  ),
  warning('BR-KSA-F-06-C39', view =>
    advances(view, ['Z', 'E', 'O']).filter(category => {
      const reason = select(category, REASON)
      return reason.length > 0 && !isWithin(one(reason), 1, 1000)
    }),
  ),
  error('BR-KSA-CL-02', view => {
    const currency = () => normalOne(view.anywhere('cbc:DocumentCurrencyCode'))
    return CURRENCY_AMOUNTS.flatMap(path =>
      path.startsWith('/') ? view.path(path.slice(1)) : view.anywhere(path),
    ).filter(({ attributes: { currencyID } }) => !currencyID || !currency().includes(currencyID))
  }),
  error('BR-KSA-F-04', view =>
    matching(
      POSITIVE.flatMap(path => view.path(path)),
      isSigned,
    ).filter(amount => textOf(amount) !== '' && !(numberOf(amount) >= 0)),
  ),
  warning('BR-KSA-EN16931-08', view => taxTotals(view, true).length !== 1),
  warning('BR-KSA-EN16931-09', view =>
    view
      .anywhere('cbc:TaxCurrencyCode')
      .filter(
        code => select(code, '../cac:TaxTotal').filter(total => !has(total, 'cac:TaxSubtotal')).length !== 1,
      ),
  ),
  warning('BR-KSA-97', view => {
    const currency = view.path('cbc:DocumentCurrencyCode')
    if (!currency.some(code => textOf(code) !== '') || !currency.some(code => textOf(code) !== 'SAR'))
      return false
    const [foreign, sar] = [true, false].map(isBroken =>
      taxTotals(view, isBroken).flatMap(total => select(total, 'cbc:TaxAmount')),
    )
    if (!foreign || !sar || !isSome(foreign, tax => tax > 0) || !isSome(sar, tax => tax > 0)) return false
    const [a, b] = [decimalOf(foreign), decimalOf(sar)]
    return a !== undefined && b !== undefined && isEqual(round(a, 2), round(b, 2))
  }),
]

export const CATEGORY_IDS = [
  `${BREAKDOWN}/cbc:ID`,
  `${ADVANCE}/cbc:ID`,
  'cac:AllowanceCharge/cac:TaxCategory/cbc:ID',
  `${LINE}/cbc:ID`,
]
export const categoryIds = (view: View): readonly Element[] => CATEGORY_IDS.flatMap(path => view.path(path))

const PERCENTS = [
  'cac:AllowanceCharge/cac:TaxCategory/cbc:Percent',
  `${BREAKDOWN}/cbc:Percent`,
  `${LINE}/cbc:Percent`,
]

/** Amounts in the document's currency; those from the root only begin with a stroke. */
const CURRENCY_AMOUNTS = [
  ...[
    'Amount',
    'BaseAmount',
    'LineExtensionAmount',
    'PriceAmount',
    'TaxExclusiveAmount',
    'TaxInclusiveAmount',
  ],
  ...['AllowanceTotalAmount', 'ChargeTotalAmount', 'PrepaidAmount', 'PayableRoundingAmount', 'PayableAmount'],
].map(name => `cbc:${name}`)
CURRENCY_AMOUNTS.push(
  '/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount',
  '/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount',
  'cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount',
  'cac:InvoiceLine/cac:TaxTotal/cbc:RoundingAmount',
  'cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount',
  'cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount',
)

const TOTALS = 'cac:LegalMonetaryTotal'
const POSITIVE = [
  ...['cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount', 'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount'],
  ...['cac:AllowanceCharge/cbc:Amount', 'cac:AllowanceCharge/cbc:BaseAmount', 'cac:TaxTotal/cbc:TaxAmount'],
  ...['LineExtensionAmount', 'TaxExclusiveAmount', 'TaxInclusiveAmount'].map(name => `${TOTALS}/cbc:${name}`),
  ...['AllowanceTotalAmount', 'ChargeTotalAmount', 'PrepaidAmount'].map(name => `${TOTALS}/cbc:${name}`),
  ...[
    'cac:AllowanceCharge/cbc:Amount',
    'cac:AllowanceCharge/cbc:BaseAmount',
    'cac:TaxTotal/cbc:TaxAmount',
    'cac:Price/cbc:PriceAmount',
    'cac:Price/cac:AllowanceCharge/cbc:Amount',
    'cac:Price/cac:AllowanceCharge/cbc:BaseAmount',
    'cbc:InvoicedQuantity',
    'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount',
    'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount',
  ].map(path => `cac:InvoiceLine/${path}`),
  'cac:TaxExchangeRate/cbc:CalculationRate',
]

/** What is out of scope may be taken back: its sum in the breakdown has any sign. */
function isSigned(amount: Element): boolean {
  const subtotal = amount.parent as Element
  if (amount.name !== 'cbc:TaxableAmount' || subtotal.parent?.parent?.parent) return true
  const categories = select(subtotal, 'cac:TaxCategory/cbc:ID')
  return categories.length > 0 && normalOne(categories) !== 'O'
}

const isUnknownRate = (category: Element): boolean => {
  const percent = select(category, 'cbc:Percent')
  if (percent.length === 0) return false
  const value = Number(one(percent).trim() || Number.NaN)
  return Math.floor(value) !== 15 && !isSome(percent, rate => rate === 5)
}

const taxTotals = (view: View, withBreakdown: boolean) =>
  view.path('cac:TaxTotal').filter(total => has(total, 'cac:TaxSubtotal') === withBreakdown)

const untaxed = (view: View): readonly Element[] =>
  matching(view.path(BREAKDOWN), category => ['Z', 'E', 'O'].some(code => isCategory(category, code)))

const isWithoutCode = (category: Element) => normalOne(select(category, CODE)) === ''
const isUnexplained = (category: Element) => normalOne(select(category, REASON)) === ''

function isOtherReason(category: Element, codes: Readonly<Record<string, ReadonlySet<string>>>): boolean {
  const code = normalOne(select(category, CODE))
  return code !== '' && !codes[normalOne(select(category, 'cbc:ID'))]?.has(code)
}

/** The rules of advances and rates hang on something of the standard rate; without it they rest. */
function hasStandardRate(view: View): boolean {
  const isStandard = (category: Element) => isCategory(category, 'S') && isVat(category)
  const hasOne = (path: string) => matching(view.anywhere(path), isStandard).length > 0
  return (
    hasOne(LINE) ||
    hasOne(BREAKDOWN) ||
    matching(
      view.anywhere('cac:AllowanceCharge/cac:TaxCategory'),
      category =>
        isStandard(category) &&
        (isOfKind(category.parent as Element, true) || isOfKind(category.parent as Element, false)),
    ).length > 0
  )
}

const advances = (view: View, codes: readonly string[]): readonly Element[] =>
  hasStandardRate(view)
    ? view.path(ADVANCE).filter(category => codes.some(code => isCategory(category, code)) && isVat(category))
    : []
