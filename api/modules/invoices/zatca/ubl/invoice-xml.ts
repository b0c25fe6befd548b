import { toText } from '../decimal.js'
import type { Address, Allowance, Buyer, Charge, TaxDocument, Vat } from '../document.js'
import type { LineTotals, Subtotal, Totals } from '../totals.js'
import { TYPE_CODES, transactionCode } from '../type-codes.js'
import { attribute, cac, cbc } from './element.js'
import { advanceLine, invoiceLine } from './line-xml.js'
import { type MoneyElement, moneyIn, partContent, taxCategory, VAT_SCHEME } from './parts-xml.js'

/*
 * From our fields to UBL 2.1, in the order of its schema. Each line says which term of the standard it carries:
 * BT of EN 16931, KSA of ZATCA's extension. Lines go on in line-xml.ts.
 */

const ROOT =
  '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"' +
  ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"' +
  ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"' +
  ' xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
const PLAIN_TEXT = ' mimeCode="text/plain"'

/** The document in three pieces: a signature goes before the first, QR code and its mark between second and third. */
export type Body = { root: string; head: string; tail: string }

export function invoiceBody(document: TaxDocument, totals: Totals): Body {
  const money = moneyIn(document.currency?.code ?? 'SAR')
  return { root: ROOT, head: head(document), tail: `${tail(document, totals, money)}</Invoice>` }
}

function head(d: TaxDocument): string {
  return [
    cbc('ProfileID', 'reporting:1.0'), // BT-23
    cbc('ID', d.number), // BT-1
    cbc('UUID', d.uuid), // KSA-1
    cbc('IssueDate', d.issuedAt.slice(0, 10)), // BT-2
    cbc('IssueTime', d.issuedAt.slice(11)), // KSA-25
    cbc('InvoiceTypeCode', TYPE_CODES[d.kind], attribute('name', transactionCode(d))), // BT-3, KSA-2
    ...(d.notes ?? []).map(note => cbc('Note', note)), // BT-22
    cbc('DocumentCurrencyCode', d.currency?.code ?? 'SAR'), // BT-5
    cbc('TaxCurrencyCode', 'SAR'), // BT-6
    cac('OrderReference', cbc('ID', d.purchaseOrder)), // BT-13
    ...(d.corrects?.numbers ?? []).map(
      number => cac('BillingReference', cac('InvoiceDocumentReference', cbc('ID', number))), // BT-25
    ),
    cac('ContractDocumentReference', cbc('ID', d.contract)), // BT-12
    cac('AdditionalDocumentReference', cbc('ID', 'ICV'), cbc('UUID', String(d.counter))), // KSA-16
    embedded('PIH', d.previousHash), // KSA-13
  ].join('')
}

/** KSA-14 is the QR code, KSA-13 the hash before: text in an attachment. */
export function embedded(id: 'PIH' | 'QR', text: string): string {
  const object = cbc('EmbeddedDocumentBinaryObject', text, PLAIN_TEXT)
  return cac('AdditionalDocumentReference', cbc('ID', id), cac('Attachment', object))
}

function tail(d: TaxDocument, totals: Totals, money: MoneyElement): string {
  const { allowances = [], charges = [], advances = [] } = d
  return [
    seller(d), // BG-4
    buyer(d.buyer), // BG-7
    cac(
      'Delivery',
      cbc('ActualDeliveryDate', d.supply?.from), // KSA-5
      cbc('LatestDeliveryDate', d.supply?.until), // KSA-24
    ),
    d.payment || d.corrects
      ? cac(
          'PaymentMeans',
          cbc('PaymentMeansCode', d.payment?.code ?? '1'), // BT-81
          cbc('InstructionNote', d.corrects?.reason), // KSA-10
        )
      : '',
    ...allowances.map(allowance => documentPart(allowance, 'false', money)), // BG-20
    ...charges.map(charge => documentPart(charge, 'true', money)), // BG-21
    exchangeRate(d),
    taxTotals(d, totals, money),
    monetaryTotal(d, totals, money),
    ...d.lines.map((line, index) => invoiceLine(line, totals.lines[index] as LineTotals, index + 1, money)),
    ...advances.map((advance, index) => advanceLine(advance, d.lines.length + index + 1, money)),
  ].join('')
}

function seller({ seller: { name, vatNumber, id, address } }: TaxDocument): string {
  return cac(
    'AccountingSupplierParty',
    cac(
      'Party',
      cac('PartyIdentification', cbc('ID', id.value, attribute('schemeID', id.scheme))), // BT-29
      postalAddress(address), // BG-5
      taxScheme(vatNumber), // BT-31
      cac('PartyLegalEntity', cbc('RegistrationName', name)), // BT-27
    ),
  )
}

/** The element has to be there, even where nothing is known of the buyer of a simplified document. */
function buyer(party: Buyer | null): string {
  const inside = party
    ? cac(
        'Party',
        party.id
          ? cac('PartyIdentification', cbc('ID', party.id.value, attribute('schemeID', party.id.scheme))) // BT-46
          : '',
        party.address ? postalAddress(party.address) : '', // BG-8
        party.vatNumber ? taxScheme(party.vatNumber) : '', // BT-48
        cac(
          'PartyLegalEntity',
          cbc('RegistrationName', party.name), // BT-44
          cbc('CompanyLegalForm', party.isGovernment ? 'GOV' : undefined), // KSA-40
        ),
      )
    : ''
  return `<cac:AccountingCustomerParty>${inside}</cac:AccountingCustomerParty>`
}

function postalAddress(address: Address): string {
  return cac(
    'PostalAddress',
    cbc('StreetName', address.street), // BT-35, BT-50
    cbc('AdditionalStreetName', address.additionalStreet), // BT-36, BT-51
    cbc('BuildingNumber', address.buildingNumber), // KSA-17, KSA-18
    cbc('PlotIdentification', address.additionalNumber), // KSA-23, KSA-19
    cbc('CitySubdivisionName', address.district), // KSA-3, KSA-4
    cbc('CityName', address.city), // BT-37, BT-52
    cbc('PostalZone', address.postalCode), // BT-38, BT-53
    cbc('CountrySubentity', address.province), // BT-39, BT-54
    cac('Country', cbc('IdentificationCode', address.country)), // BT-40, BT-55
  )
}

const taxScheme = (vatNumber: string) => cac('PartyTaxScheme', cbc('CompanyID', vatNumber), VAT_SCHEME)

function documentPart(part: Allowance | Charge, isCharge: 'true' | 'false', money: MoneyElement): string {
  return cac('AllowanceCharge', partContent(part, isCharge, money), taxCategory('TaxCategory', part.vat)) // BT-95, BT-102
}

function exchangeRate({ currency }: TaxDocument): string {
  if (!currency) return ''
  return cac(
    'TaxExchangeRate',
    cbc('SourceCurrencyCode', currency.code), // KSA-36
    cbc('TargetCurrencyCode', 'SAR'), // KSA-37
    cbc('CalculationRate', toText(currency.sarPerUnit)), // KSA-38
  )
}

function taxTotals(_d: TaxDocument, totals: Totals, money: MoneyElement): string {
  return [
    cac('TaxTotal', moneyIn('SAR')('TaxAmount', totals.vatSar)), // BT-111
    cac('TaxTotal', money('TaxAmount', totals.vat), ...totals.subtotals.map(each => subtotal(each, money))), // BT-110
  ].join('')
}

function subtotal(each: Subtotal, money: MoneyElement): string {
  const vat = each.exemption ? { exemption: each.exemption, text: each.text } : { rate: each.rate }
  return cac(
    'TaxSubtotal',
    money('TaxableAmount', each.taxable), // BT-116
    money('TaxAmount', each.vat), // BT-117
    taxCategory('TaxCategory', vat as Vat, true),
  )
}

function monetaryTotal({ advances }: TaxDocument, totals: Totals, money: MoneyElement): string {
  return cac(
    'LegalMonetaryTotal',
    money('LineExtensionAmount', totals.lineNet), // BT-106
    money('TaxExclusiveAmount', totals.net), // BT-109
    money('TaxInclusiveAmount', totals.gross), // BT-112
    money('AllowanceTotalAmount', totals.allowances), // BT-107
    money('ChargeTotalAmount', totals.charges), // BT-108
    money('PrepaidAmount', advances?.length ? totals.prepaid : undefined), // BT-113
    money('PayableRoundingAmount', totals.rounding === 0 ? undefined : totals.rounding), // BT-114
    money('PayableAmount', totals.payable), // BT-115
  )
}
