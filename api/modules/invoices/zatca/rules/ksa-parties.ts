import { isLonger, isWithin } from './ksa-header.js'
import { type Rule, rulesOf } from './rule.js'
import { isFilled, isText, lengthOf, normal, normalOne, one } from './values.js'
import { has, isTyped, select, type View } from './view.js'
import { type Element, textOf } from './xml-tree.js'

const { error, warning, dormantWarning } = rulesOf('KSA')
const SELLER = 'cac:AccountingSupplierParty/cac:Party'
const BUYER = 'cac:AccountingCustomerParty/cac:Party'
const VAT_NUMBER = 'cac:PartyTaxScheme/cbc:CompanyID'
const ID = 'cac:PartyIdentification/cbc:ID'
const NAME = 'cac:PartyLegalEntity/cbc:RegistrationName'

/** Seller and buyer: names, numbers, identities. Their addresses are in ksa-addresses.ts. */
export const partyRules: Rule[] = [
  error('BR-KSA-39', view => {
    const schemes = view.path(`${SELLER}/cac:PartyTaxScheme/cac:TaxScheme`)
    const isVat = schemes.some(scheme => normalOne(select(scheme, 'cbc:ID')) === 'VAT')
    return !(isFilled(view.path(`${SELLER}/${VAT_NUMBER}`)) && isVat)
  }),
  error('BR-KSA-40', view => {
    const numbers = view.anywhere(`${SELLER}/${VAT_NUMBER}`)
    if (numbers.length === 0) return false
    return view
      .anywhere(`${SELLER}/cac:PartyTaxScheme/cac:TaxScheme`)
      .filter(scheme => isText(select(scheme, 'cbc:ID'), 'VAT') && !isVatNumber(one(numbers)))
  }),
  error('BR-KSA-44', view => {
    const numbers = view.anywhere(`${BUYER}/${VAT_NUMBER}`)
    return numbers.filter(() => one(numbers) !== '' && !isVatNumber(one(numbers)))
  }),
  warning('BR-KSA-99', view => {
    const numbers = view.anywhere(`${BUYER}/${VAT_NUMBER}`)
    return view.isStandard ? numbers.filter(() => normalOne(numbers) === '') : false
  }),
  error('BR-CUSTOM-VALIDATION-01', view => {
    const sellers = view.path(`${SELLER}/${VAT_NUMBER}`).map(textOf)
    return view
      .path(`${BUYER}/${VAT_NUMBER}`)
      .filter(number => textOf(number) !== '' && sellers.includes(textOf(number)))
  }),
  warning('BR-KSA-08', view => {
    const ids = view.path(`${SELLER}/${ID}`)
    const scheme = normal(oneScheme(ids))
    return !(ids.length > 0 && lengthOf(scheme) > 2 && 'CRN MOM MLS SAG OTH 700'.includes(scheme))
  }),
  error('BR-KSA-14', view =>
    view.anywhere(`${BUYER}/${ID}`).filter(id => {
      const scheme = schemeOf(id)
      return lengthOf(scheme) <= 2 || !'TIN NAT IQA PAS CRN MOM MLS 700 SAG GCC OTH'.includes(scheme)
    }),
  ),
  warning('BR-KSA-81', view =>
    view.isStandard && !has(view.root, `${BUYER}/${VAT_NUMBER}`)
      ? normalOne(view.path(`${BUYER}/${ID}`)) === ''
      : false,
  ),
  warning('BR-KSA-F-08', view => parties(view).filter(party => isWrongId(party, 'CRN', /^[0-9]{10}$/))),
  warning('BR-KSA-F-09', view => parties(view).filter(party => isWrongId(party, '700', /^7[0-9]{9}$/))),
  warning('BR-KSA-F-07', view => buyerIds(view, 'TIN').filter(id => !isTenDigits(id, '3'))),
  warning('BR-KSA-F-10', view => buyerIds(view, 'NAT').filter(id => !isTenDigits(id, '1'))),
  warning('BR-KSA-F-11', view => buyerIds(view, 'IQA').filter(id => !isTenDigits(id, '2'))),
  warning('BR-KSA-F-12', view =>
    parties(view).filter(party => {
      const scheme = oneScheme(select(party, `cac:Party/${ID}`))
      return scheme !== normal(scheme) && allowed(party).includes(normal(scheme).toUpperCase())
    }),
  ),
  warning('BR-KSA-F-13', view =>
    parties(view).filter(party =>
      select(party, `cac:Party/${ID}`).some(
        id => allowed(party).includes(schemeOf(id).toUpperCase()) && isMadeUp(normal(textOf(id))),
      ),
    ),
  ),
  warning('BR-KSA-42', view =>
    view.isStandard ? view.anywhere(BUYER).filter(party => !isFilled(select(party, NAME))) : false,
  ),
  warning('BR-KSA-F-06-C12', view =>
    ofFormCodes(view, () => {
      const names = view.anywhere(`${BUYER}/${NAME}`)
      return view.isStandard && names.length > 0 && !isWithin(one(names), 1, 1000)
    }),
  ),
  warning('BR-KSA-F-06-C32', view =>
    ofFormCodes(view, () => view.isSimplified && isLonger(view.anywhere(`${BUYER}/${NAME}`), 1000)),
  ),
  warning('BR-KSA-71', view => {
    if (!view.isSimplifiedSummary) return false
    const names = view.anywhere(BUYER).flatMap(party => deep(party, 'cac:PartyLegalEntity'))
    const isNamed = normalOne(names.flatMap(entity => select(entity, 'cbc:RegistrationName'))) !== ''
    return view.anywhere('cbc:InvoiceTypeCode').some(isSimplifiedCode) && !isNamed
  }),
  warning('BR-KSA-85', view => {
    const phones = view.anywhere(`${BUYER}/cac:Contact/cbc:Telephone`)
    return view
      .anywhere(`${BUYER}/cac:Contact`)
      .filter(() => one(phones) !== '' && !/^(?:0|\+)[0-9]{4,15}$/.test(one(phones)))
  }),
  dormantWarning('BR-KSA-86', view =>
    view
      .anywhere(`${BUYER}/cac:Contact/cbc:ElectronicMail`)
      .filter(
        address => textOf(address) !== '' && !/^[^@\s]+@([a-z0-9-]+\.)+[a-z]{2,3}$/i.test(textOf(address)),
      ),
  ),
  warning('BR-KSA-F-06-C37', view => contactLimit(view, 'Name')),
  warning('BR-KSA-F-06-C38', view => contactLimit(view, 'Note')),
  dormantWarning('BR-KSA-91', view => {
    const forms = view.path(`${BUYER}/cac:PartyLegalEntity/cbc:CompanyLegalForm`)
    return view.isStandard ? forms.filter(form => textOf(form) !== 'GOV') : false
  }),
  error('BR-KSA-49', view =>
    view
      .anywhere('cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory')
      .filter(
        category =>
          ['VATEX-SA-EDU', 'VATEX-SA-HEA'].some(code => isText(select(category, REASON), code)) &&
          !view.anywhere(`${BUYER}/${ID}`).some(id => id.attributes.schemeID === 'NAT'),
      ),
  ),
  warning('BR-KSA-25', view => {
    const codes = view.anywhere(`cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/${REASON}`).map(textOf)
    const isPersonal = codes.length > 0 && codes.every(code => ' VATEX-SA-HEA VATEX-SA-EDU '.includes(code))
    if (!isPersonal || isFilled(view.anywhere(`${BUYER}/${NAME}`))) return false
    return view.anywhere('cbc:InvoiceTypeCode').filter(isSimplifiedCode)
  }),
  ...deliveryRules(),
]

const REASON = 'cbc:TaxExemptionReasonCode'

/** When it was supplied. */
function deliveryRules(): Rule[] {
  const latest = (view: View) => view.anywhere('cac:Delivery/cbc:LatestDeliveryDate')
  const actual = (date: Element) => select(date, '../cbc:ActualDeliveryDate')
  return [
    warning('BR-KSA-15', view => {
      const dates = view.anywhere('cac:Delivery/cbc:ActualDeliveryDate')
      if (!isTyped(view, '388') || normalOne(dates) !== '') return false
      return view.anywhere('cbc:InvoiceTypeCode').filter(({ attributes: { name } }) => name?.startsWith('01'))
    }),
    warning('BR-KSA-35', view => latest(view).filter(date => normalOne(actual(date)) === '')),
    warning('BR-KSA-36', view =>
      latest(view).filter(date => {
        const [from, until] = [one(actual(date)), textOf(date)]
        return isCalendarDay(from) && isCalendarDay(until) && until < from
      }),
    ),
    error('BR-KSA-72', view =>
      view.isSimplifiedSummary && isSaudiBuyer(view)
        ? view.anywhere('cbc:ActualDeliveryDate').length === 0 ||
          view.anywhere('cbc:LatestDeliveryDate').length === 0
        : false,
    ),
  ]
}

export const isSaudiBuyer = (view: View): boolean =>
  view
    .anywhere(`${BUYER}/cac:PostalAddress/cac:Country`)
    .some(country => isText(select(country, 'cbc:IdentificationCode'), 'SA'))

/** Rules about the whole document hang on its kind's element, and rest where that has another form. */
export function ofFormCodes(view: View, isBroken: () => boolean): boolean {
  const isAsked = view
    .anywhere('cbc:InvoiceTypeCode')
    .some(({ attributes: { name = '' } }) => /^0[12]/.test(name))
  return isAsked && isBroken()
}

/** The rule's own idea of a day: from 1800 on, of leap years only some. */
function isCalendarDay(text: string): boolean {
  if (text.length !== 10) return false
  return /^(((18|19|20)[0-9]{2}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))|(18|19|20)[0-9]{2}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|(18|19|20)[0-9]{2}-(02)-(0[1-9]|1[0-9]|2[0-8])|(((18|19|20)(04|08|[2468][048]|[13579][26]))|2000)-(02)-29)$/.test(
    text,
  )
}

const isSimplifiedCode = ({ attributes: { name } }: Element): boolean => name?.startsWith('02') ?? false
const isVatNumber = (text: string): boolean => /^3[0-9]{13}3$/.test(text)
const parties = (view: View) => [
  ...view.anywhere('cac:AccountingSupplierParty'),
  ...view.anywhere('cac:AccountingCustomerParty'),
]
const schemeOf = (id: Element): string => normal(id.attributes.schemeID ?? '')

function oneScheme(ids: readonly Element[]): string {
  const withScheme = ids.filter(id => id.attributes.schemeID !== undefined)
  if (withScheme.length > 1) one(withScheme)
  return withScheme[0]?.attributes.schemeID ?? ''
}

function allowed(party: Element): readonly string[] {
  const sellers = ['CRN', 'MOM', 'MLS', '700', 'SAG', 'OTH']
  return party.name === 'cac:AccountingSupplierParty'
    ? sellers
    : [...sellers, 'TIN', 'NAT', 'GCC', 'IQA', 'PAS']
}

function isWrongId(party: Element, scheme: string, shape: RegExp): boolean {
  const ids = select(party, `cac:Party/${ID}`)
  if (ids.length === 0 || normal(oneScheme(ids)) !== scheme) return false
  return !(shape.test(normalOne(ids)) && /^[0-9]*$/.test(one(ids)))
}

const buyerIds = (view: View, scheme: string) =>
  view.anywhere(`${BUYER}/${ID}`).filter(id => schemeOf(id) === scheme)
const isTenDigits = (id: Element, first: string): boolean =>
  /^[0-9]{10}$/.test(textOf(id)) && textOf(id).startsWith(first)

const RUNS = ['0123456789', '9876543210'].flatMap(row => [0, 1, 2].map(at => row.slice(at, at + 8)))
const SAME = [...'0123456789'].map(digit => digit.repeat(8))

/** Eight digits in a row that count up, count down or stay: nobody's number. */
const isMadeUp = (id: string): boolean =>
  /^\p{Nd}+$/u.test(id) && [...RUNS, ...SAME].some(run => id.includes(run))

function contactLimit(view: View, name: 'Name' | 'Note'): readonly Element[] {
  const texts = view.anywhere(`${BUYER}/cac:Contact/cbc:${name}`)
  return view.anywhere(`${BUYER}/cac:Contact`).filter(() => isLonger(texts, 1000))
}

function deep(element: Element, name: string): Element[] {
  return element.children.flatMap(child =>
    child.name === name ? [child, ...deep(child, name)] : deep(child, name),
  )
}
