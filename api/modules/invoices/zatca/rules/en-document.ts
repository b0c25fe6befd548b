import { COUNTRIES, CURRENCIES, DOCUMENT_TYPES, PAYMENT_CODES, TAX_CATEGORIES } from './code-lists.js'
import { isLonger, isWithin } from './ksa-header.js'
import { categoryIds } from './ksa-vat.js'
import { type Rule, rulesOf } from './rule.js'
import { decimalsOf, isFilled, lengthOf, normal, one } from './values.js'
import { has, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning, dormantWarning } = rulesOf('EN')
const SELLER = 'cac:AccountingSupplierParty/cac:Party'
const BUYER = 'cac:AccountingCustomerParty/cac:Party'
const SELLER_NAME = `${SELLER}/cac:PartyLegalEntity/cbc:RegistrationName`

/** What every invoice has, and the code lists. */
export const documentRules: Rule[] = [
  warning('BR-02', view => isMissing(view, 'cbc:ID')),
  error('BR-03', view => isMissing(view, 'cbc:IssueDate')),
  error('BR-04', view => isMissing(view, 'cbc:InvoiceTypeCode') && isMissing(view, 'cbc:CreditNoteTypeCode')),
  error('BR-05', view => isMissing(view, 'cbc:DocumentCurrencyCode')),
  warning('BR-06', view => isMissing(view, SELLER_NAME)),
  warning('BR-08', view => !has(view.root, `${SELLER}/cac:PostalAddress`)),
  warning('BR-09', view =>
    view
      .anywhere(`${SELLER}/cac:PostalAddress`)
      .filter(address => !isFilled(select(address, 'cac:Country/cbc:IdentificationCode'))),
  ),
  dormantWarning('BR-10', view => view.isStandard && !has(view.root, `${BUYER}/cac:PostalAddress`)),
  error('BR-16', view => !has(view.root, 'cac:InvoiceLine') && !has(view.root, 'cac:CreditNoteLine')),
  warning('BR-49', view =>
    view.isStandard
      ? view.anywhere('cac:PaymentMeans').filter(each => !has(each, 'cbc:PaymentMeansCode'))
      : false,
  ),
  warning('BR-52', view =>
    view.anywhere('cac:AdditionalDocumentReference').filter(each => !isFilled(select(each, 'cbc:ID'))),
  ),
  warning('BR-53', isTaxCurrencyWrong),
  error('BR-54', view =>
    view
      .anywhere('cac:AdditionalItemProperty')
      .filter(property => !has(property, 'cbc:Name') || !has(property, 'cbc:Value')),
  ),
  error('BR-55', view =>
    view
      .anywhere('cac:BillingReference')
      .filter(each => !isFilled(select(each, 'cac:InvoiceDocumentReference/cbc:ID'))),
  ),
  warning('BR-KSA-F-06-C1', view => isLonger(view.path('cbc:ID'), 127)),
  warning('BR-KSA-F-06-C2', view =>
    view.path('cbc:Note').filter(note => note.texts.some(text => lengthOf(text) > 1000)),
  ),
  warning('BR-KSA-F-06-C8', view =>
    isLonger(view.path(`${SELLER}/cac:PostalAddress/cbc:CountrySubentity`), 127),
  ),
  warning('BR-KSA-F-06-C10', view => {
    const names = view.path(SELLER_NAME)
    return names.length > 0 && !isWithin(one(names), 1, 1000)
  }),
  warning('BR-KSA-F-06-C27', view =>
    isLonger(view.path(`${BUYER}/cac:PostalAddress/cbc:CountrySubentity`), 127),
  ),
  ...lineRules(),
  ...codeRules(),
]

function lineRules(): Rule[] {
  const lines = (view: View) => view.anywhere('cac:InvoiceLine')
  const identified = (view: View, name: string) =>
    lines(view).filter(line => isLonger(select(line, `cac:Item/cac:${name}/cbc:ID`), 127))
  return [
    warning('BR-21', view => lines(view).filter(line => !isFilled(select(line, 'cbc:ID')))),
    error('BR-22', view =>
      lines(view).filter(line => {
        const quantities = select(line, 'cbc:InvoicedQuantity')
        return quantities.length === 0 || quantities.some(quantity => quantity.texts.includes('0'))
      }),
    ),
    error('BR-24', view => lines(view).filter(line => !has(line, 'cbc:LineExtensionAmount'))),
    warning('BR-25', view => lines(view).filter(line => !isFilled(select(line, 'cac:Item/cbc:Name')))),
    error('BR-26', view => lines(view).filter(line => !has(line, 'cac:Price/cbc:PriceAmount'))),
    warning('BR-DEC-23', view =>
      lines(view).filter(line => decimalsOf(one(select(line, 'cbc:LineExtensionAmount'))) > 2),
    ),
    error('BR-KSA-F-06-C17', view =>
      lines(view).filter(line => has(line, 'cbc:ID') && !isWithin(one(select(line, 'cbc:ID')), 1, 6)),
    ),
    warning('BR-KSA-F-06-C18', view =>
      lines(view).filter(line =>
        select(line, 'cbc:InvoicedQuantity').some(
          ({ attributes }) => lengthOf(attributes.unitCode ?? '') > 127,
        ),
      ),
    ),
    warning('BR-KSA-F-06-C19', view =>
      lines(view).filter(line => {
        const names = select(line, 'cac:Item/cbc:Name')
        return names.length > 0 && !isWithin(one(names), 3, 1000)
      }),
    ),
    warning('BR-KSA-F-C-01', view =>
      lines(view).filter(line => /^\p{Nd}+$/u.test(one(select(line, 'cac:Item/cbc:Name')))),
    ),
    warning('BR-KSA-F-06-C20', view => identified(view, 'StandardItemIdentification')),
    warning('BR-KSA-F-06-C30', view => identified(view, 'BuyersItemIdentification')),
    warning('BR-KSA-F-06-C31', view => identified(view, 'SellersItemIdentification')),
  ]
}

function codeRules(): Rule[] {
  const outside = (elements: readonly Element[], codes: ReadonlySet<string>) =>
    elements.filter(element => !codes.has(normal(textOf(element))))
  return [
    error('BR-CL-01', view => outside(view.anywhere('cbc:InvoiceTypeCode'), DOCUMENT_TYPES)),
    error('BR-CL-03', view =>
      AMOUNTS.flatMap(name => view.anywhere(name)).filter(({ attributes: { currencyID = '' } }) => {
        return currencyID !== '' && !CURRENCIES.has(normal(currencyID))
      }),
    ),
    error('BR-CL-04', view => outside(view.anywhere('cbc:DocumentCurrencyCode'), CURRENCIES)),
    error('BR-CL-05', view => outside(view.anywhere('cbc:TaxCurrencyCode'), CURRENCIES)),
    warning('BR-CL-14', view => outside(view.anywhere('cac:Country/cbc:IdentificationCode'), COUNTRIES)),
    warning('BR-CL-16', view =>
      outside(view.anywhere('cac:PaymentMeans/cbc:PaymentMeansCode'), PAYMENT_CODES),
    ),
    error('BR-CL-18', view => outside(categoryIds(view), TAX_CATEGORIES)),
  ]
}

const AMOUNTS = [
  ...['Amount', 'BaseAmount', 'PriceAmount', 'TaxAmount', 'TaxableAmount', 'LineExtensionAmount'],
  ...['TaxExclusiveAmount', 'TaxInclusiveAmount', 'AllowanceTotalAmount', 'ChargeTotalAmount'],
  ...['PrepaidAmount', 'PayableRoundingAmount', 'PayableAmount'],
].map(name => `cbc:${name}`)

const isMissing = (view: View, path: string): boolean => !isFilled(view.path(path))

/** BT-111 is in the tax currency. */
function isTaxCurrencyWrong(view: View): boolean {
  const currencies = view.path('cbc:TaxCurrencyCode').map(textOf)
  if (currencies.length === 0) return false
  const totals = view.path('cac:TaxTotal').filter(total => !has(total, 'cac:TaxSubtotal'))
  return totals.some(total => {
    const amounts = select(total, 'cbc:TaxAmount')
    const isOther = amounts.some(
      ({ attributes: { currencyID } }) => currencyID !== undefined && !currencies.includes(currencyID),
    )
    return amounts.length === 0 || isOther
  })
}
