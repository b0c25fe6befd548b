import {
  add,
  compare,
  type Decimal,
  decimal,
  isEqual,
  multiply,
  ofWhole,
  round,
  subtract,
} from '../decimal.js'
import { documentParts, isOfKind } from './ksa-charges.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, decimalsIn, decimalsOf, isSome, normal, normalOne, one } from './values.js'
import { has, isCategory, isVat, matching, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('EN')
const LINE = 'cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory'
const ZERO = decimal('0')

/** The VAT breakdown, and what each category asks. */
export const vatRules: Rule[] = [
  error('BR-45', view => subtotals(view).filter(subtotal => !has(subtotal, 'cbc:TaxableAmount'))),
  error('BR-46', view => subtotals(view).filter(subtotal => !has(subtotal, 'cbc:TaxAmount'))),
  error('BR-47', view =>
    subtotals(view).filter(subtotal => vatIds(subtotal, 'cac:TaxCategory').length === 0),
  ),
  error('BR-48', view =>
    subtotals(view).filter(subtotal => {
      const categories = select(subtotal, 'cac:TaxCategory').filter(isVat)
      return !categories.some(category => has(category, 'cbc:Percent') || isCategory(category, 'O'))
    }),
  ),
  warning('BR-CO-17', view => subtotals(view).filter(subtotal => isVatWrong(view, subtotal))),
  warning('BR-DEC-19', view => withMoreDecimals(view, 'TaxableAmount')),
  warning('BR-DEC-20', view => withMoreDecimals(view, 'TaxAmount')),
  error('BR-CO-04', view =>
    view
      .anywhere('cac:InvoiceLine')
      .filter(line => vatIds(line, 'cac:Item/cac:ClassifiedTaxCategory').length === 0),
  ),
  ...['S', 'Z', 'E', 'O'].map(code => warning(`BR-${code}-01`, view => isLeftOut(view, code))),
  ...['S', 'Z', 'E', 'O'].map(code =>
    warning(`BR-${code}-08`, view =>
      breakdown(view, code).filter(category => isSumWrong(view, category, code)),
    ),
  ),
  ...['Z', 'E', 'O'].map(code =>
    error(`BR-${code}-09`, view =>
      breakdown(view, code).filter(category => {
        const tax = decimalOf(select(category, '../cbc:TaxAmount'))
        return tax?.digits !== 0n
      }),
    ),
  ),
  ...['Z', 'E'].flatMap(code => [
    error(`BR-${code}-05`, view => ofCategory(view.anywhere(LINE), code).filter(isRated)),
    error(`BR-${code}-06`, view => ofCategory(partCategories(view, false), code).filter(isRated)),
    error(`BR-${code}-07`, view => {
      const charged = documentParts(view, true).flatMap(part => select(part, 'cac:TaxCategory'))
      const percents = view.path('cac:AllowanceCharge/cac:TaxCategory/cbc:Percent')
      return (
        charged.some(category => isCategory(category, code) && isVat(category)) &&
        !isSome(percents, percent => percent === 0)
      )
    }),
  ]),
  warning('BR-S-05', view => ofCategory(view.anywhere(LINE), 'S').filter(isUnrated)),
  error('BR-S-06', view => ofCategory(partCategories(view, false), 'S').filter(isUnrated)),
  warning('BR-S-07', view => ofCategory(partCategories(view, true), 'S').filter(isUnrated)),
  warning('BR-S-09', view =>
    breakdown(view, 'S').filter(
      category =>
        normalOne(select(category, 'cbc:Percent')) === '' || isVatWrong(view, category.parent as Element),
    ),
  ),
  warning('BR-S-10', view => {
    const isExactly = view
      .path('cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID')
      .some(id => id.texts.includes('S'))
    return breakdown(view, 'S').filter(
      category =>
        isExactly && (has(category, 'cbc:TaxExemptionReason') || has(category, 'cbc:TaxExemptionReasonCode')),
    )
  }),
]

const subtotals = (view: View): readonly Element[] => view.path('cac:TaxTotal/cac:TaxSubtotal')
const ofCategory = (categories: readonly Element[], code: string): readonly Element[] =>
  matching(categories, category => isCategory(category, code) && isVat(category))
const breakdown = (view: View, code: string) =>
  ofCategory(view.path('cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory'), code)
const partCategories = (view: View, isCharge: boolean) =>
  matching(view.anywhere('cac:AllowanceCharge'), part => isOfKind(part, isCharge)).flatMap(part =>
    select(part, 'cac:TaxCategory'),
  )

const vatIds = (from: Element, path: string) =>
  select(from, path)
    .filter(isVat)
    .flatMap(category => select(category, 'cbc:ID'))

const isRated = (category: Element): boolean => {
  const percent = decimalOf(select(category, 'cbc:Percent'))
  return percent?.digits !== 0n
}
const isUnrated = (category: Element): boolean =>
  !isSome(select(category, 'cbc:Percent'), percent => percent > 0)

const withMoreDecimals = (view: View, name: string) =>
  subtotals(view).filter(subtotal => decimalsOf(one(select(subtotal, `cbc:${name}`))) > 2)

/** BT-117 = BT-116 × BT-119, give or take a halala a line. */
function isVatWrong(view: View, subtotal: Element): boolean {
  const tax = decimalOf(select(subtotal, 'cbc:TaxAmount'))
  const taxable = decimalOf(select(subtotal, 'cbc:TaxableAmount'))
  const rate = decimalOf(
    select(subtotal, 'cac:TaxCategory')
      .filter(isVat)
      .flatMap(category => select(category, 'cbc:Percent')),
  )
  if (!tax || !taxable || !rate) return true
  const exact = multiply(taxable, rate)
  const wanted: Decimal = round({ digits: exact.digits, scale: exact.scale + 2 }, 2)
  const tolerance = { digits: ofWhole(view.anywhere('cac:InvoiceLine').length).digits, scale: 2 }
  return compare(tax, add(wanted, tolerance)) > 0 || compare(tax, subtract(wanted, tolerance)) < 0
}

/** A category that lines, allowances or charges have is in the breakdown. */
function isLeftOut(view: View, code: string): boolean {
  const isUsed = [
    ...view.anywhere('cac:AllowanceCharge/cac:TaxCategory'),
    ...view.anywhere('cac:ClassifiedTaxCategory'),
  ]
    .filter(isVat)
    .some(category => hasId(category, code))
  if (!isUsed) return false
  return !view
    .path('cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory')
    .some(category => isVat(category) && hasId(category, code))
}

const hasId = (category: Element, code: string): boolean =>
  select(category, 'cbc:ID').some(id => normal(textOf(id)) === code)

/** BT-116 = lines + charges − allowances of the category; of the standard rate all its rates together. */
function isSumWrong(view: View, category: Element, code: string): boolean {
  const lines = view.path('cac:InvoiceLine')
  const isOf = (path: string) => (each: Element) => select(each, path).some(found => isCategory(found, code))
  const isOfVat = (path: string) => (each: Element) =>
    select(each, path).some(found => isVat(found) && hasId(found, code))
  const isUsed =
    view.path('cac:AllowanceCharge').some(isOfVat('cac:TaxCategory')) ||
    lines.some(isOfVat('cac:Item/cac:ClassifiedTaxCategory'))
  if (!isUsed) return true

  const net = sumOf(lines.filter(isOf('cac:Item/cac:ClassifiedTaxCategory')), 'cbc:LineExtensionAmount')
  const [charged, allowed] = [true, false].map(isCharge =>
    sumOf(documentParts(view, isCharge).filter(isOf('cac:TaxCategory')), 'cbc:Amount'),
  ) as [Decimal, Decimal]
  const stated = code === 'S' ? standardSum(category) : decimalOf(select(category, '../cbc:TaxableAmount'))
  return !stated || !isEqual(stated, subtract(add(net, charged), allowed))
}

function standardSum(category: Element): Decimal {
  const siblings = select(category, '../../cac:TaxSubtotal').filter(subtotal =>
    select(subtotal, 'cac:TaxCategory').some(each => isCategory(each, 'S')),
  )
  return sumOf(siblings, 'cbc:TaxableAmount')
}

const sumOf = (elements: readonly Element[], path: string): Decimal =>
  decimalsIn(elements.flatMap(element => select(element, path))).reduce(add, ZERO)
