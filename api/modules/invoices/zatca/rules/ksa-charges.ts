import { add, decimal, floor, isEqual, multiply, round } from '../decimal.js'
import { CHARGE_CODES, PAYMENT_CODES_KSA } from './code-lists.js'
import { isWithin } from './ksa-header.js'
import { ofFormCodes } from './ksa-parties.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalOf, decimalsOf, isBoolean, lengthOf, normal, normalOne, one } from './values.js'
import { has, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')

/** Allowances, charges and how it is paid. */
export const chargeRules: Rule[] = [
  warning('BR-KSA-19', view => withoutText(documentParts(view, true), 'cbc:AllowanceChargeReasonCode')),
  warning('BR-KSA-20', view => withoutText(lineParts(view, true), 'cbc:AllowanceChargeReasonCode')),
  warning('BR-KSA-21', view => withoutText(documentParts(view, true), 'cbc:AllowanceChargeReason')),
  warning('BR-KSA-22', view => withoutText(lineParts(view, true), 'cbc:AllowanceChargeReason')),
  warning('BR-KSA-F-06-C33', view => wrongReason(documentParts(view, true))),
  warning('BR-KSA-F-06-C34', view => wrongReason(lineParts(view, true))),
  warning('BR-KSA-F-06-C35', view => wrongReason(documentParts(view, false))),
  warning('BR-KSA-F-06-C36', view => wrongReason(lineParts(view, false))),
  warning('BR-KSA-CL-06', view =>
    outsidePrices(view, true).filter(
      part => !` ${CHARGE_CODES} `.includes(one(select(part, 'cbc:AllowanceChargeReasonCode'))),
    ),
  ),
  error('BR-KSA-DEC-01', view =>
    outsidePrices(view, false).filter(part => {
      const factor = select(part, FACTOR)
      return one(factor) !== '' && !isPercentage(one(factor), decimalOf(factor))
    }),
  ),
  warning('BR-KSA-EN16931-03', view => {
    const parts = [
      ...(view.path('cac:AllowanceCharge/cbc:Amount').length > 0 ? view.path('cac:AllowanceCharge') : []),
      ...(view.path('cac:InvoiceLine/cac:AllowanceCharge/cbc:Amount').length > 0
        ? view.path('cac:InvoiceLine/cac:AllowanceCharge')
        : []),
    ]
    return parts.filter(part => has(part, BASE) && isMiscalculated(part))
  }),
  warning('BR-KSA-EN16931-04', view =>
    view.anywhere(`cac:AllowanceCharge/${FACTOR}`).filter(factor => !has(factor, `../${BASE}`)),
  ),
  warning('BR-KSA-EN16931-05', view =>
    [
      ...view.path(`cac:AllowanceCharge/${BASE}`),
      ...view.anywhere(`cac:InvoiceLine/cac:AllowanceCharge/${BASE}`),
    ].filter(base => !has(base, `../${FACTOR}`)),
  ),
  error('BR-KSA-F-02', view =>
    view.anywhere('cac:AllowanceCharge/cbc:ChargeIndicator').filter(flag => {
      isBoolean([flag], true)
      return false
    }),
  ),
  warning('BR-KSA-12', view => withRate(documentParts(view, false))),
  warning('BR-KSA-13', view => withRate(documentParts(view, true))),
  warning('BR-KSA-16', view =>
    ofFormCodes(view, () => true)
      ? view
          .anywhere('cac:PaymentMeans/cbc:PaymentMeansCode')
          .filter(code => !PAYMENT_CODES_KSA.has(normal(textOf(code))))
      : false,
  ),
  warning('BR-KSA-F-06-C14', view => {
    const notes = view.anywhere('cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:PaymentNote')
    return ofFormCodes(view, () => notes.length > 0 && !isWithin(one(notes), 1, 1000))
  }),
  warning('BR-KSA-F-06-C15', view => {
    const accounts = view.anywhere('cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID')
    return ofFormCodes(view, () => lengthOf(one(accounts)) > 127)
  }),
]

const FACTOR = 'cbc:MultiplierFactorNumeric'
const BASE = 'cbc:BaseAmount'
const HUNDRED = decimal('100')

export const isOfKind = (part: Element, isCharge: boolean): boolean =>
  isBoolean(select(part, 'cbc:ChargeIndicator'), isCharge)

export const documentParts = (view: View, isCharge: boolean): Element[] =>
  view.path('cac:AllowanceCharge').filter(part => isOfKind(part, isCharge))
const lineParts = (view: View, isCharge: boolean): Element[] =>
  view.path('cac:InvoiceLine/cac:AllowanceCharge').filter(part => isOfKind(part, isCharge))
const outsidePrices = (view: View, isCharge: boolean): Element[] =>
  view
    .anywhere('cac:AllowanceCharge')
    .filter(part => isOfKind(part, isCharge) && part.parent?.name !== 'cac:Price')

const withoutText = (parts: readonly Element[], path: string) =>
  parts.filter(part => normalOne(select(part, path)) === '')

const wrongReason = (parts: readonly Element[]) =>
  parts.filter(part => {
    const reason = select(part, 'cbc:AllowanceChargeReason')
    return reason.length > 0 && !isWithin(one(reason), 1, 1000)
  })

const withRate = (parts: readonly Element[]) =>
  parts
    .flatMap(part => select(part, 'cac:TaxCategory'))
    .filter(category => normalOne(select(category, 'cbc:ID')) === 'O' && hasRate(category))

export const hasRate = (category: Element): boolean =>
  select(category, 'cbc:Percent').some(percent => decimalOf([percent])?.digits !== 0n)

export function isPercentage(text: string, value: ReturnType<typeof decimalOf>): boolean {
  if (!value) return false
  return value.digits >= 0n && round(value, 20).digits <= round(HUNDRED, 20).digits && decimalsOf(text) <= 2
}

/** Amount = base × percentage / 100, half up. */
function isMiscalculated(part: Element): boolean {
  const [amount, base, factor] = ['cbc:Amount', BASE, FACTOR].map(path => select(part, path)) as [
    Element[],
    Element[],
    Element[],
  ]
  if (one(amount) === '' || one(base) === '') return false
  const [stated, whole, rate] = [decimalOf(amount), decimalOf(base), decimalOf(factor)]
  if (!stated || !whole || !rate) return true
  const halalas = floor(add(multiply(whole, rate), decimal('0.5')), 0)
  return !isEqual(round(stated, 2), { digits: halalas.digits, scale: 2 })
}
