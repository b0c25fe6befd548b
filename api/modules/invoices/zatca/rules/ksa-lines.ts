import { add, type Decimal, decimal, divide, floor, isEqual, multiply, round, subtract } from '../decimal.js'
import { isOfKind } from './ksa-charges.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, decimalsIn, decimalsOf, isBoolean, isFilled, isSome, lengthOf, one } from './values.js'
import { has, isCategory, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')

/** Lines and their prices. */
export const lineRules: Rule[] = [
  error('BR-KSA-52', view =>
    standardLines(view).filter(line => !isFilled(select(line, 'cac:TaxTotal/cbc:TaxAmount'))),
  ),
  error('BR-KSA-53', view =>
    standardLines(view).filter(line => !isFilled(select(line, 'cac:TaxTotal/cbc:RoundingAmount'))),
  ),
  warning('BR-KSA-51', view => view.anywhere('cac:InvoiceLine/cac:TaxTotal').filter(isWrongGross)),
  warning('BR-KSA-DEC-03', view => withMoreDecimals(view, 'cac:TaxTotal/cbc:TaxAmount')),
  warning('BR-KSA-DEC-04', view => withMoreDecimals(view, 'cac:TaxTotal/cbc:RoundingAmount')),
  error('BR-KSA-11', view =>
    view
      .path('cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory')
      .filter(
        category =>
          isCategory(category, 'O') &&
          isSome(select(category, 'cbc:Percent'), percent => percent > 0 || percent < 0),
      ),
  ),
  warning('BR-KSA-EN16931-11', view => view.anywhere('cac:InvoiceLine').filter(isWrongNet)),
  error('BR-KSA-EN16931-12', view =>
    view
      .anywhere('cac:InvoiceLine/cac:Price/cbc:BaseQuantity')
      .filter(quantity => textOf(quantity) !== '' && !(Number(textOf(quantity).trim() || Number.NaN) > 0)),
  ),
  error('BR-KSA-EN16931-06', view =>
    view
      .anywhere('cac:InvoiceLine/cac:Price/cac:AllowanceCharge')
      .filter(part => isBoolean(select(part, 'cbc:ChargeIndicator'), true)),
  ),
  error('BR-KSA-EN16931-07', view =>
    view.anywhere('cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:BaseAmount').filter(base => {
      const price = decimalOf(select(base, '../../cbc:PriceAmount'))
      const less = decimalOf(select(base, '../cbc:Amount'))
      const whole = decimalOf([base])
      return !(price && less && whole && isEqual(price, subtract(whole, less)))
    }),
  ),
  warning('BR-KSA-F-06-C21', view =>
    view
      .anywhere('cac:InvoiceLine')
      .filter(line =>
        select(line, 'cac:Price/cbc:BaseQuantity').some(
          quantity => lengthOf(quantity.attributes.unitCode ?? '') > 127,
        ),
      ),
  ),
]

/** Asked once a kind element; a document has one. */
const standardLines = (view: View): readonly Element[] =>
  view.isStandard &&
  view.anywhere('cbc:InvoiceTypeCode').some(({ attributes: { name = '' } }) => /^0[12]/.test(name))
    ? view.anywhere('cac:InvoiceLine')
    : []

const withMoreDecimals = (view: View, path: string) =>
  view.anywhere('cac:InvoiceLine').filter(line => decimalsOf(one(select(line, path))) > 2)

/** KSA-12 = BT-131 + KSA-11, at two decimals. */
function isWrongGross(taxTotal: Element): boolean {
  const [tax, gross, net] = ['cbc:TaxAmount', 'cbc:RoundingAmount', '../cbc:LineExtensionAmount'].map(path =>
    decimalOf(select(taxTotal, path)),
  )
  const wanted = tax && net ? round(add(tax, net), 2) : undefined
  if (!gross || !wanted) return Boolean(gross) !== Boolean(wanted)
  return !isEqual(round(gross, 2), wanted)
}

const ONE_HALALA = decimal('0.01')

/** BT-131 = price × quantity / base quantity + charges − allowances, to within a halala. */
function isWrongNet(line: Element): boolean {
  const net = decimalOf(select(line, 'cbc:LineExtensionAmount'))
  const quantity = decimalOf(select(line, 'cbc:InvoicedQuantity'))
  const price = decimalOf(select(line, 'cac:Price/cbc:PriceAmount'))
  if (!net || !quantity || !price) return true
  const unit = unitOf(line, price)
  if (!unit) return true
  // cut after three decimals, as the rule does, before it rounds
  const cut = add(floor(multiply(quantity, unit), 3), decimal('0.0000000000001'))
  const parts = select(line, 'cac:AllowanceCharge')
  const wanted = round(subtract(add(cut, sumOf(parts, true)), sumOf(parts, false)), 2)
  return ![wanted, add(wanted, ONE_HALALA), subtract(wanted, ONE_HALALA)].some(sum => isEqual(net, sum))
}

function unitOf(line: Element, price: Decimal): Decimal | undefined {
  const path = 'cac:Price/cbc:BaseQuantity'
  if (!has(line, path)) return price
  const base = decimalOf(select(line, path))
  return base && base.digits !== 0n ? divide(price, base, 20) : undefined
}

function sumOf(parts: readonly Element[], isCharge: boolean): Decimal {
  const amounts = parts.filter(part => isOfKind(part, isCharge)).flatMap(part => select(part, 'cbc:Amount'))
  return decimalsIn(amounts).reduce(add, decimal('0'))
}
