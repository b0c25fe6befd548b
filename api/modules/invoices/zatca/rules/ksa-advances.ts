import { add, type Decimal, decimal, isEqual, multiply, round } from '../decimal.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, decimalsIn, decimalsOf, isSome, normalOne, one, Uncalculable } from './values.js'
import { has, isCategory, isVat, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')
const REFERENCE = 'cac:DocumentReference'
const SUBTOTAL = 'cac:TaxTotal/cac:TaxSubtotal'
const ADVANCE = '386'
const ZERO = decimal('0')

/** Advances that count in this document: zero lines that refer to the invoices of the advances. */
export const advanceRules: Rule[] = [
  warning('BR-KSA-80', isPrepaidWrong),
  error('BR-KSA-74', view =>
    settledLines(view)
      .flatMap(line => select(line, REFERENCE))
      .filter(reference => isOfOtherType(reference) && normalOne(select(reference, TYPE)) !== ADVANCE),
  ),
  error('BR-KSA-82', view =>
    settledLines(view)
      .flatMap(line => select(line, REFERENCE))
      .filter(reference => !isOfOtherType(reference) && !isZeroLine(reference.parent as Element)),
  ),
  warning('BR-KSA-73', view => {
    const lines = settledLines(view)
    if (view.path(`cac:InvoiceLine/${REFERENCE}`).length === 0) return lines
    const needed = ['cbc:ID', 'cbc:IssueDate', 'cbc:IssueTime', TYPE]
    return lines
      .flatMap(line => select(line, REFERENCE))
      .filter(reference => !needed.every(path => has(reference, path)))
  }),
  warning('BR-KSA-75', view => {
    const needed = [
      'cbc:TaxAmount',
      'cbc:TaxableAmount',
      'cac:TaxCategory/cbc:Percent',
      'cac:TaxCategory/cbc:ID',
    ]
    return settledLines(view)
      .flatMap(line => select(line, REFERENCE))
      .filter(reference => !needed.every(path => has(reference, `../${SUBTOTAL}/${path}`)))
  }),
  warning('BR-KSA-79', view => view.path(`cac:InvoiceLine/${SUBTOTAL}`).filter(isTaxWrong)),
  warning('BR-KSA-DEC-06', view =>
    settledLines(view)
      .flatMap(line => select(line, SUBTOTAL))
      .filter(subtotal =>
        ['cbc:TaxableAmount', 'cbc:TaxAmount'].some(path => decimalsOf(one(select(subtotal, path))) > 2),
      ),
  ),
  warning('BR-KSA-76', view => withRate(view, 'Z')),
  warning('BR-KSA-77', view => withRate(view, 'E')),
  warning('BR-KSA-78', view => withRate(view, 'O')),
]

const TYPE = 'cbc:DocumentTypeCode'
const PREPAID = 'cac:LegalMonetaryTotal/cbc:PrepaidAmount'

/** All lines, of a document that counts an advance. */
function settledLines(view: View): readonly Element[] {
  return isPrepaid(view) ? view.path('cac:InvoiceLine') : []
}

function isPrepaid(view: View): boolean {
  try {
    return isSome(view.path(PREPAID), amount => amount > 0)
  } catch (error) {
    if (error instanceof Uncalculable) return false
    throw error
  }
}

const isOfOtherType = (reference: Element) => select(reference, TYPE).some(code => textOf(code) !== ADVANCE)

function isZeroLine(line: Element): boolean {
  const amounts = [
    'cbc:LineExtensionAmount',
    'cac:TaxTotal/cbc:TaxAmount',
    'cac:TaxTotal/cbc:RoundingAmount',
    'cac:Price/cbc:PriceAmount',
  ]
  const isZero = (path: string) => isSome(select(line, path), amount => amount === 0)
  return (
    amounts.every(isZero) && (!has(line, 'cac:AllowanceCharge') || isZero('cac:AllowanceCharge/cbc:Amount'))
  )
}

/** BT-113 is what the advances were, VAT included. */
function isPrepaidWrong(view: View): boolean {
  const prepaid = decimalOf(view.path(PREPAID)) ?? ZERO
  const taxable = view.path(`cac:InvoiceLine/${SUBTOTAL}/cbc:TaxableAmount`)
  const tax = view.path(`cac:InvoiceLine/${SUBTOTAL}/cbc:TaxAmount`)
  const [net, vat] = [decimalsIn(taxable).reduce(add, ZERO), decimalsIn(tax).reduce(add, ZERO)]
  if (isEqual(prepaid, ZERO)) {
    if (taxable.length > 0 || tax.length > 0) return true
  } else if (net.digits > 0n && vat.digits > 0n) {
    const codes = view.path(`cac:InvoiceLine/${REFERENCE}/${TYPE}`)
    if (codes.some(code => textOf(code) !== ADVANCE)) return true
  }
  return !isEqual(round(prepaid, 2), round(add(net, vat), 2))
}

/** KSA-32 = KSA-31 × KSA-34, to within a halala; nothing where the category has no rate. */
function isTaxWrong(subtotal: Element): boolean {
  const categories = select(subtotal, 'cac:TaxCategory')
  const percent = select(subtotal, 'cac:TaxCategory/cbc:Percent')
  const is = (code: string) => categories.some(category => isCategory(category, code))
  const isUntaxed =
    !is('S') && ((is('O') && percent.length === 0) || is('E') || is('Z') || normalOne(percent) === '')
  const [tax, taxable] = [
    decimalOf(select(subtotal, 'cbc:TaxAmount')),
    decimalOf(select(subtotal, 'cbc:TaxableAmount')),
  ]
  if (isUntaxed) {
    const rate = decimalOf(percent)
    if (!tax || !isEqual(round(tax, 2), ZERO) || !taxable || !rate) return true
    return !isEqual(halalas(multiply(taxable, rate)), ZERO)
  }
  if (normalOne(percent) === '') return true
  const rate = decimalOf(categories.filter(isVat).flatMap(category => select(category, 'cbc:Percent')))
  if (!rate || !taxable || !tax) return !(!tax && (!rate || !taxable))
  const wanted = halalas(add(multiply(taxable, rate), decimal('0.01')))
  const difference = round(tax, 2).digits - wanted.digits
  return difference > 1n || difference < -1n
}

/** A product in hundredths (riyals × per cent), rounded to whole ones. */
const halalas = (product: Decimal): Decimal => ({ digits: round(product, 0).digits, scale: 2 })

function withRate(view: View, code: string): readonly Element[] {
  return settledLines(view)
    .flatMap(line => select(line, SUBTOTAL))
    .filter(subtotal => {
      const categories = select(subtotal, 'cac:TaxCategory')
      if (!categories.some(category => isCategory(category, code) && isVat(category))) return false
      const rate = decimalOf(select(subtotal, 'cac:TaxCategory/cbc:Percent'))
      return rate?.digits !== 0n
    })
}
