import { CURRENCIES, DOCUMENT_TYPES_KSA } from './code-lists.js'
import { type Rule, rulesOf } from './rule.js'
import { dayOf, isTime, readDate, readDateTime } from './times.js'
import { isFilled, lengthOf, normal, normalOne, one, Uncalculable } from './values.js'
import { has, isTyped, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning } = rulesOf('KSA')

/** Number, time, kind, references to other documents. */
export const headerRules: Rule[] = [
  warning('BR-KSA-F-06-C3', view => isLonger(view.path('cac:OrderReference/cbc:ID'), 127)),
  warning('BR-KSA-F-06-C5', view => isLonger(view.path('cac:ContractDocumentReference/cbc:ID'), 127)),
  warning('BR-KSA-98', isOlderThanADay),
  error('BR-KSA-03', view => {
    const uuid = view.path('cbc:UUID')
    // the rule's pattern begins with a word character, a point or a dash, and asks no more
    return !(isFilled(uuid) && /^[^\p{P}\p{Z}\p{C}]|^[.-]/u.test(one(uuid)))
  }),
  error('BR-KSA-70', view => {
    const time = view.path('cbc:IssueTime')
    return !(isFilled(time) && /^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?$/.test(one(time)))
  }),
  error('BR-KSA-04', view =>
    view.anywhere('cbc:IssueDate').filter(element => {
      const day = readDate(textOf(element))
      return day !== undefined && day > dayOf(view.now)
    }),
  ),
  error('BR-KSA-05', view =>
    view.anywhere('cbc:InvoiceTypeCode').filter(element => !DOCUMENT_TYPES_KSA.has(normal(textOf(element)))),
  ),
  error('BR-KSA-06', view =>
    typeCodes(view).filter(element => !/^0[12][01]{5,7}$/.test(element.attributes.name ?? '')),
  ),
  warning('BR-KSA-F-06-C40', view =>
    typeCodes(view).filter(element => {
      const length = lengthOf(element.attributes.name ?? '')
      return length < 7 || length > 9
    }),
  ),
  error('BR-KSA-07', view =>
    typeCodes(view).filter(({ attributes: { name = '' } }) => name[4] === '1' && name[6] === '1'),
  ),
  error('BR-KSA-31', view =>
    typeCodes(view).filter(({ attributes: { name = '' } }) => /^02/.test(name) && !/^..[01]{4}0/.test(name)),
  ),
  error('BR-KSA-92', view => {
    const isGovernment = typeCodes(view).some(({ attributes: { name = '' } }) => /^0[12].{6}1$/.test(name))
    return isGovernment && normalOne(view.path('cac:ContractDocumentReference/cbc:ID')) === ''
  }),
  error('BR-KSA-68', view => !isFilled(view.path('cbc:TaxCurrencyCode'))),
  error('BR-KSA-EN16931-01', view => normalOne(view.path('cbc:ProfileID')) !== 'reporting:1.0'),
  error('BR-KSA-EN16931-02', view =>
    view.anywhere('cbc:TaxCurrencyCode').filter(element => normal(textOf(element)).toUpperCase() !== 'SAR'),
  ),
  error('BR-KSA-CL-01', view => [
    ...view.anywhere('cbc:DocumentCurrencyCode').filter(element => !CURRENCIES.has(normal(textOf(element)))),
    ...[
      ...view.anywhere('cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount'),
      ...view.anywhere('cac:InvoiceLine/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount'),
      ...view.anywhere('cac:LegalMonetaryTotal/cbc:PayableRoundingAmount'),
    ].filter(
      ({ attributes: { currencyID } }) => currencyID !== undefined && !CURRENCIES.has(normal(currencyID)),
    ),
  ]),
  error('BR-KSA-F-01', view =>
    DATES.flatMap(path => view.anywhere(path)).filter(element => !isZatcaDate(textOf(element))),
  ),
  warning('BR-KSA-F-05', view =>
    view
      .anywhere('cac:InvoiceLine/cac:DocumentReference/cbc:IssueTime')
      .filter(element => !isTime(textOf(element))),
  ),
  ...noteRules(),
  ...exchangeRules(),
]

/** A credit or debit note says what it is about and why. */
function noteRules(): Rule[] {
  const isNote = (view: View) => isTyped(view, '381') || isTyped(view, '383')
  return [
    error('BR-KSA-17', view => {
      if (!isNote(view)) return false
      const means = view.anywhere('cac:PaymentMeans')
      return means.length === 0 || means.filter(each => !has(each, 'cbc:InstructionNote'))
    }),
    warning('BR-KSA-F-06-C13', view =>
      isNote(view)
        ? view
            .anywhere('cac:PaymentMeans/cbc:InstructionNote')
            .filter(note => !isWithin(textOf(note), 1, 1000))
        : false,
    ),
    warning('BR-KSA-56', view => {
      if (!isNote(view)) return false
      const references = view.anywhere('cac:BillingReference')
      return references.length === 0 || references.filter(each => !isFilled(select(each, REFERRED)))
    }),
    error('BR-KSA-F-06-C22', view =>
      isNote(view)
        ? view
            .anywhere('cac:BillingReference')
            .filter(each => has(each, REFERRED) && !isWithin(one(select(each, REFERRED)), 1, 5000))
        : false,
    ),
  ]
}

const REFERRED = 'cac:InvoiceDocumentReference/cbc:ID'

function exchangeRules(): Rule[] {
  const rate = (view: View, name: string) => view.path(`cac:TaxExchangeRate/cbc:${name}`)
  /** These are asked at the rate and at both currencies: without any of the three, never. */
  const isAsked = (view: View) =>
    has(view.root, 'cac:TaxExchangeRate') ||
    view.anywhere('cbc:DocumentCurrencyCode').length > 0 ||
    view.anywhere('cbc:TaxCurrencyCode').length > 0
  const isUnlike = (view: View, name: string, currency: string) => {
    const code = rate(view, name)
    if (!isAsked(view) || !isFilled(code)) return false
    return !normalOne(view.anywhere(currency)).includes(one(code))
  }
  return [
    warning('BR-KSA-87', view => {
      const rates = view.path('cac:TaxExchangeRate')
      const needed = ['SourceCurrencyCode', 'TargetCurrencyCode', 'CalculationRate']
      return rates.length > 0 && !needed.every(name => isFilled(rate(view, name))) ? rates : false
    }),
    error('BR-KSA-88', view => isUnlike(view, 'SourceCurrencyCode', 'cbc:DocumentCurrencyCode')),
    error('BR-KSA-89', view => isUnlike(view, 'TargetCurrencyCode', 'cbc:TaxCurrencyCode')),
    error('BR-KSA-90', view => {
      const number = rate(view, 'CalculationRate')
      return isFilled(number) && lengthOf(normalOne(number)) > 14
    }),
  ]
}

const DATES = [
  'cbc:IssueDate',
  'cbc:DueDate',
  'cbc:TaxPointDate',
  'cac:Delivery/cbc:ActualDeliveryDate',
  'cac:Delivery/cbc:LatestDeliveryDate',
]

const typeCodes = (view: View): readonly Element[] => view.anywhere('cbc:InvoiceTypeCode')

/** A day from 2000 to 9999, with the rule's own idea of leap years: of every fourth year, centuries included. */
function isZatcaDate(text: string): boolean {
  if (text.length !== 10) return false
  const days =
    /^[2-9][0-9][0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$/
  return days.test(text) || /^[2-9][0-9]([02468][048]|[13579][26])-02-29$/.test(text)
}

export const isWithin = (text: string, least: number, most: number): boolean =>
  lengthOf(text) >= least && lengthOf(text) <= most

export const isLonger = (elements: readonly Element[], most: number): boolean =>
  lengthOf(one(elements)) > most

function isOlderThanADay(view: View): boolean {
  const isSimplified = view
    .path('cbc:InvoiceTypeCode')
    .some(element => element.attributes.name?.startsWith('02'))
  const [date, time] = [view.path('cbc:IssueDate'), view.path('cbc:IssueTime')]
  if (!isSimplified || date.length === 0 || time.length === 0) return false
  const at = readDateTime(`${one(date)}T${one(time)}`)
  if (!at) throw new Uncalculable(date[0], 'not a point in time')
  return view.now.getTime() - at.getTime() > 24 * 3_600_000
}
