import { after, attribute, before, cut, type Edit, everywhere, long, set, swap, within } from './edits.js'

/** A document that breaks a rule: its shape, and what is changed. */
export type Break = { rule: string; shape: string; edits: Edit[]; note?: string }

const list: Break[] = []
const breaks = (rule: string, shape: string, ...edits: Edit[]) => {
  list.push({ rule, shape, edits })
}

const SELLER = 'cac:AccountingSupplierParty'
const BUYER = 'cac:AccountingCustomerParty'
const seller = (edit: Edit) => within(SELLER, edit)
const buyer = (edit: Edit) => within(BUYER, edit)
const line = (edit: Edit, index = 0) => within('cac:InvoiceLine', edit, index)
const totals = (edit: Edit) => within('cac:LegalMonetaryTotal', edit)
/** The breakdown stands in the second of the two. */
const breakdown = (edit: Edit, index = 0) => within('cac:TaxTotal', within('cac:TaxSubtotal', edit, index), 1)
const documentPart = (edit: Edit, index = 0) => within('cac:AllowanceCharge', edit, index)
const linePart = (edit: Edit, index = 0) => line(within('cac:AllowanceCharge', edit, index))
const advance = (edit: Edit) => line(edit, 1)
const attachment = (id: 'ICV' | 'PIH' | 'QR', edit: Edit) =>
  within('cac:AdditionalDocumentReference', edit, ['ICV', 'PIH', 'QR'].indexOf(id))

const PARTS = 'tax, allowance and charge of the document'
const LINE_PARTS = 'tax, allowance and charge of a line'
const SETTLED = 'settlement of an advance'
const CREDIT = 'tax credit note'
const SUMMARY = 'simplified summary'
const EXPORT = 'export'
const CLINIC = 'simplified, private health care of a citizen'
const DOLLARS = 'tax in dollars'
const EVERY = 'tax, every category'

// kind, number, time
breaks(
  'BR-KSA-F-06-C3',
  'tax, purchase order and notes',
  within('cac:OrderReference', set('cbc:ID', long(128))),
)
breaks('BR-KSA-F-06-C5', 'tax, government', within('cac:ContractDocumentReference', set('cbc:ID', long(128))))
breaks('BR-KSA-98', 'simplified')
breaks('BR-KSA-03', 'tax', set('cbc:UUID', '!none'))
breaks('BR-KSA-03', 'tax', cut('cbc:UUID'))
breaks('BR-KSA-03', 'tax', set('cbc:UUID', ''))
breaks('BR-KSA-70', 'tax', set('cbc:IssueTime', '24:00:00'))
breaks('BR-KSA-70', 'tax', cut('cbc:IssueTime'))
breaks('BR-KSA-70', 'tax', set('cbc:IssueTime', '14:05'))
breaks('BR-KSA-04', 'tax', set('cbc:IssueDate', '2999-01-01'))
breaks('BR-KSA-05', 'tax', set('cbc:InvoiceTypeCode', '380'))
breaks('BR-KSA-06', 'tax', attribute('cbc:InvoiceTypeCode', 'name', '0100002'))
breaks('BR-KSA-06', 'tax', attribute('cbc:InvoiceTypeCode', 'name', '0300000'))
breaks('BR-KSA-F-06-C40', 'tax', attribute('cbc:InvoiceTypeCode', 'name', '010000'))
breaks('BR-KSA-F-06-C40', 'tax', attribute('cbc:InvoiceTypeCode', 'name', '0100000000'))
breaks('BR-KSA-F-06-C40', 'tax', attribute('cbc:InvoiceTypeCode', 'name'))
breaks('BR-KSA-07', EXPORT, attribute('cbc:InvoiceTypeCode', 'name', '0100101'))
breaks('BR-KSA-31', 'simplified', attribute('cbc:InvoiceTypeCode', 'name', '0200001'))
breaks('BR-KSA-92', 'tax, government', cut('cac:ContractDocumentReference'))
breaks('BR-KSA-92', 'tax, government', within('cac:ContractDocumentReference', set('cbc:ID', ' ')))
breaks('BR-KSA-68', 'tax', cut('cbc:TaxCurrencyCode'))
breaks('BR-KSA-68', 'tax', set('cbc:TaxCurrencyCode', ''))
breaks('BR-KSA-EN16931-01', 'tax', set('cbc:ProfileID', 'clearance:1.0'))
breaks('BR-KSA-EN16931-01', 'tax', cut('cbc:ProfileID'))
breaks('BR-KSA-EN16931-02', 'tax', set('cbc:TaxCurrencyCode', 'USD'))
breaks('BR-KSA-CL-01', 'tax', everywhere('"SAR"', '"SAX"'), set('cbc:DocumentCurrencyCode', 'SAX'))
breaks('BR-KSA-CL-01', SETTLED, advance(attribute('cbc:TaxableAmount', 'currencyID', 'XYZ')))
breaks('BR-KSA-F-01', 'tax', set('cbc:IssueDate', '1999-12-31'))
breaks('BR-KSA-F-01', 'tax', set('cbc:ActualDeliveryDate', '2026-02-30'))
breaks('BR-KSA-F-01', 'tax', set('cbc:ActualDeliveryDate', '01-03-2026'))
breaks('BR-KSA-F-01', SETTLED, advance(set('cbc:IssueDate', '2026-2-15')))
breaks('BR-KSA-F-05', SETTLED, advance(set('cbc:IssueTime', '10:99:00')))
breaks('BR-KSA-17', CREDIT, cut('cbc:InstructionNote'))
breaks('BR-KSA-17', CREDIT, cut('cac:PaymentMeans'))
breaks('BR-KSA-17', 'simplified debit note', cut('cbc:InstructionNote'))
breaks('BR-KSA-F-06-C13', CREDIT, set('cbc:InstructionNote', long(1001)))
breaks('BR-KSA-F-06-C13', CREDIT, set('cbc:InstructionNote', ''))
breaks('BR-KSA-56', CREDIT, cut('cac:BillingReference'))
breaks('BR-KSA-56', CREDIT, within('cac:BillingReference', set('cbc:ID', '')))
breaks('BR-KSA-F-06-C22', CREDIT, within('cac:BillingReference', set('cbc:ID', long(5001))))
breaks('BR-KSA-87', DOLLARS, within('cac:TaxExchangeRate', cut('cbc:CalculationRate')))
breaks('BR-KSA-88', DOLLARS, set('cbc:SourceCurrencyCode', 'EUR'))
breaks('BR-KSA-89', DOLLARS, set('cbc:TargetCurrencyCode', 'AED'))
breaks('BR-KSA-90', DOLLARS, set('cbc:CalculationRate', '3.7500000000000'))

// chain, QR code, signature
breaks('BR-KSA-33', 'tax', attachment('ICV', set('cbc:ID', 'IVC')))
breaks('BR-KSA-33', 'tax', attachment('ICV', cut('cbc:UUID')))
breaks('BR-KSA-34', 'tax', attachment('ICV', set('cbc:UUID', '1a')))
breaks('BR-KSA-61', 'tax', within('cac:AdditionalDocumentReference', set('cbc:ID', 'HIP'), 1))
breaks(
  'BR-KSA-26',
  'tax',
  attachment('PIH', attribute('cbc:EmbeddedDocumentBinaryObject', 'mimeCode', 'text/csv')),
)
breaks('BR-KSA-26', 'tax', attachment('PIH', set('cbc:EmbeddedDocumentBinaryObject', '')))
breaks(
  'BR-KSA-27',
  'simplified',
  attachment('QR', attribute('cbc:EmbeddedDocumentBinaryObject', 'mimeCode', 'image/png')),
)
breaks('BR-KSA-27', 'simplified', attachment('QR', set('cbc:ID', 'RQ')))
breaks('BR-CL-KSA-14', 'tax', attachment('QR', set('cbc:EmbeddedDocumentBinaryObject', long(1001))))
breaks('BR-CL-KSA-14', 'tax', attachment('QR', set('cbc:EmbeddedDocumentBinaryObject', '')))
breaks('BR-KSA-28', 'simplified', cut('ext:UBLExtensions'))
breaks('BR-KSA-28', 'simplified', swap('signature:1<', 'signature:2<'))
breaks('BR-KSA-29', 'simplified', set('sbc:ReferencedSignatureID', 'another'))
breaks('BR-KSA-30', 'simplified', set('cbc:SignatureMethod', 'another'))
breaks('BR-KSA-60', 'simplified', cut('cac:Signature'))
breaks(
  'BR-KSA-CL-03',
  'tax',
  attachment('QR', attribute('cbc:EmbeddedDocumentBinaryObject', 'mimeCode', 'text/html')),
)

// seller and buyer
breaks('BR-KSA-39', 'tax', seller(cut('cac:PartyTaxScheme')))
breaks('BR-KSA-39', 'tax', seller(within('cac:TaxScheme', set('cbc:ID', 'GST'))))
breaks('BR-KSA-40', 'tax', seller(set('cbc:CompanyID', '123456789012345')))
breaks('BR-KSA-40', 'tax', seller(set('cbc:CompanyID', '31017539740003')))
breaks('BR-KSA-44', 'tax', buyer(set('cbc:CompanyID', '310284756100004')))
breaks('BR-KSA-99', 'tax', buyer(set('cbc:CompanyID', '')))
breaks('BR-CUSTOM-VALIDATION-01', 'tax', buyer(set('cbc:CompanyID', '310175397400003')))
breaks('BR-KSA-08', 'tax', seller(attribute('cbc:ID', 'schemeID', 'XXX')))
breaks('BR-KSA-08', 'tax', seller(attribute('cbc:ID', 'schemeID')))
breaks('BR-KSA-08', 'tax', seller(cut('cac:PartyIdentification')))
breaks('BR-KSA-14', 'tax', buyer(attribute('cbc:ID', 'schemeID', 'VAT')))
breaks('BR-KSA-81', 'tax, buyer by another id', buyer(cut('cac:PartyIdentification')))
breaks('BR-KSA-F-08', 'tax', seller(set('cbc:ID', '101018348')))
breaks('BR-KSA-F-08', 'tax', buyer(set('cbc:ID', '20501739AB')))
breaks('BR-KSA-F-09', 'tax, buyer by another id', buyer(set('cbc:ID', '6018365294')))
breaks('BR-KSA-F-07', 'tax, buyer by another id', buyer(attribute('cbc:ID', 'schemeID', 'TIN')))
breaks('BR-KSA-F-10', CLINIC, buyer(set('cbc:ID', '2082736456')))
breaks('BR-KSA-F-11', 'tax, buyer by another id', buyer(attribute('cbc:ID', 'schemeID', 'IQA')))
breaks('BR-KSA-F-12', 'tax', buyer(attribute('cbc:ID', 'schemeID', ' CRN')))
breaks('BR-KSA-F-13', 'tax', seller(set('cbc:ID', '1012345678')))
breaks('BR-KSA-F-13', 'tax', buyer(set('cbc:ID', '2055555555')))
breaks('BR-KSA-42', 'tax', buyer(cut('cac:PartyLegalEntity')))
breaks('BR-KSA-F-06-C12', 'tax', buyer(set('cbc:RegistrationName', long(1001))))
breaks('BR-KSA-F-06-C32', 'simplified, named buyer', buyer(set('cbc:RegistrationName', long(1001))))
breaks('BR-KSA-71', SUMMARY, buyer(cut('cac:Party')))
const contact = (inside: string) =>
  buyer(after('cac:PartyLegalEntity', `<cac:Contact>${inside}</cac:Contact>`))
breaks('BR-KSA-85', 'tax', contact('<cbc:Telephone>966501234567</cbc:Telephone>'))
breaks('BR-KSA-86', 'tax', contact('<cbc:ElectronicMail>office@ware.shop</cbc:ElectronicMail>'))
breaks('BR-KSA-F-06-C37', 'tax', contact(`<cbc:Name>${long(1001)}</cbc:Name>`))
breaks('BR-KSA-F-06-C38', 'tax', contact(`<cbc:Note>${long(1001)}</cbc:Note>`))
breaks('BR-KSA-91', 'tax, government', buyer(set('cbc:CompanyLegalForm', 'LLC')))
breaks('BR-KSA-49', CLINIC, buyer(attribute('cbc:ID', 'schemeID', 'IQA')), buyer(set('cbc:ID', '2082736456')))
breaks('BR-KSA-25', CLINIC, buyer(cut('cac:PartyLegalEntity')))
breaks('BR-KSA-15', 'tax', cut('cac:Delivery'))
breaks('BR-KSA-35', 'tax summary', cut('cbc:ActualDeliveryDate'))
breaks('BR-KSA-36', 'tax summary', set('cbc:LatestDeliveryDate', '2026-01-31'))
const SAUDI =
  '<cac:PostalAddress><cac:Country><cbc:IdentificationCode>SA</cbc:IdentificationCode></cac:Country></cac:PostalAddress>'
breaks('BR-KSA-72', SUMMARY, buyer(before('cac:PartyLegalEntity', SAUDI)), cut('cbc:LatestDeliveryDate'))

// addresses
breaks('BR-KSA-09', 'tax', seller(cut('cbc:CitySubdivisionName')))
breaks('BR-KSA-37', 'tax', seller(set('cbc:BuildingNumber', '74')))
breaks('BR-KSA-66', 'tax', seller(set('cbc:PostalZone', '1221')))
breaks('BR-KSA-F-06-C4', 'tax', seller(set('cbc:StreetName', long(1001))))
breaks(
  'BR-KSA-F-06-C6',
  'tax',
  seller(after('cbc:StreetName', `<cbc:AdditionalStreetName>${long(128)}</cbc:AdditionalStreetName>`)),
)
breaks('BR-KSA-F-06-C7', 'tax', seller(set('cbc:CityName', long(128))))
breaks('BR-KSA-F-06-C9', 'tax', seller(set('cbc:CitySubdivisionName', long(128))))
breaks(
  'BR-KSA-F-06-C11',
  'tax',
  buyer(after('cbc:StreetName', `<cbc:AdditionalStreetName>${long(128)}</cbc:AdditionalStreetName>`)),
)
breaks('BR-KSA-10', EXPORT, buyer(cut('cac:Country')))
breaks('BR-KSA-63', 'tax', buyer(cut('cbc:BuildingNumber')))
breaks('BR-KSA-67', 'tax', buyer(set('cbc:PostalZone', '3222A')))
breaks('BR-KSA-F-06-C28', 'tax', buyer(cut('cbc:CitySubdivisionName')))
breaks('BR-KSA-F-06-C29', 'tax', buyer(set('cbc:CitySubdivisionName', long(128))))
breaks('BR-KSA-F-06-C23', 'tax', buyer(set('cbc:StreetName', long(1001))))
breaks(
  'BR-KSA-F-06-C24',
  'simplified, named buyer',
  buyer(
    before(
      'cac:PartyLegalEntity',
      `<cac:PostalAddress><cbc:StreetName>${long(1001)}</cbc:StreetName></cac:PostalAddress>`,
    ),
  ),
)
breaks('BR-KSA-F-06-C25', 'tax', buyer(set('cbc:CityName', '')))
breaks('BR-KSA-F-06-C26', 'tax', buyer(set('cbc:CityName', long(128))))

// allowances, charges, payment
breaks('BR-KSA-19', PARTS, documentPart(cut('cbc:AllowanceChargeReasonCode'), 1))
breaks('BR-KSA-20', LINE_PARTS, linePart(cut('cbc:AllowanceChargeReasonCode'), 1))
breaks('BR-KSA-21', PARTS, documentPart(cut('cbc:AllowanceChargeReason'), 1))
breaks('BR-KSA-22', LINE_PARTS, linePart(cut('cbc:AllowanceChargeReason'), 1))
breaks('BR-KSA-F-06-C33', PARTS, documentPart(set('cbc:AllowanceChargeReason', long(1001)), 1))
breaks('BR-KSA-F-06-C34', LINE_PARTS, linePart(set('cbc:AllowanceChargeReason', long(1001)), 1))
breaks('BR-KSA-F-06-C35', PARTS, documentPart(set('cbc:AllowanceChargeReason', long(1001))))
breaks('BR-KSA-F-06-C36', LINE_PARTS, linePart(set('cbc:AllowanceChargeReason', '')))
breaks('BR-KSA-CL-06', PARTS, documentPart(set('cbc:AllowanceChargeReasonCode', 'QQQ'), 1))
breaks('BR-KSA-CL-06', LINE_PARTS, linePart(set('cbc:AllowanceChargeReasonCode', 'QQQ'), 1))
breaks('BR-KSA-DEC-01', PARTS, documentPart(set('cbc:MultiplierFactorNumeric', '5.001')))
breaks('BR-KSA-DEC-01', PARTS, documentPart(set('cbc:MultiplierFactorNumeric', '500.00')))
breaks('BR-KSA-EN16931-03', PARTS, documentPart(set('cbc:BaseAmount', '101.00')))
breaks('BR-KSA-EN16931-03', LINE_PARTS, linePart(set('cbc:BaseAmount', '301.00')))
breaks('BR-KSA-EN16931-04', PARTS, documentPart(cut('cbc:BaseAmount')))
breaks('BR-KSA-EN16931-05', PARTS, documentPart(cut('cbc:MultiplierFactorNumeric')))
breaks('BR-KSA-F-02', PARTS, documentPart(set('cbc:ChargeIndicator', 'no')))
const outOfScope = (index: number) => documentPart(within('cac:TaxCategory', set('cbc:ID', 'O')), index)
breaks('BR-KSA-12', PARTS, outOfScope(0))
breaks('BR-KSA-13', PARTS, outOfScope(1))
breaks('BR-KSA-16', 'tax', set('cbc:PaymentMeansCode', '69'))
breaks('BR-CL-16', 'tax', set('cbc:PaymentMeansCode', '71'))
const account = (inside: string) =>
  after('cbc:PaymentMeansCode', `<cac:PayeeFinancialAccount>${inside}</cac:PayeeFinancialAccount>`)
breaks('BR-KSA-F-06-C14', 'tax', account(`<cbc:PaymentNote>${long(1001)}</cbc:PaymentNote>`))
breaks('BR-KSA-F-06-C15', 'tax', account(`<cbc:ID>${long(128)}</cbc:ID>`))

// lines
breaks('BR-KSA-52', 'tax', line(cut('cbc:TaxAmount')))
breaks('BR-KSA-53', 'tax', line(cut('cbc:RoundingAmount')))
breaks('BR-KSA-51', 'tax', line(set('cbc:RoundingAmount', '115.01')))
breaks('BR-KSA-DEC-03', 'tax', line(set('cbc:TaxAmount', '15.000')))
breaks('BR-KSA-DEC-04', 'tax', line(set('cbc:RoundingAmount', '115.000')))
breaks('BR-KSA-11', 'tax, out of scope', line(set('cbc:Percent', '15.00')))
breaks('BR-KSA-EN16931-11', 'tax', line(set('cbc:PriceAmount', '100.02')))
breaks('BR-KSA-EN16931-11', 'tax', line(set('cbc:InvoicedQuantity', '2.00')))
breaks(
  'BR-KSA-EN16931-11',
  'tax',
  line(after('cbc:PriceAmount', '<cbc:BaseQuantity unitCode="PCE">2</cbc:BaseQuantity>')),
)
breaks(
  'BR-KSA-EN16931-12',
  'tax',
  line(after('cbc:PriceAmount', '<cbc:BaseQuantity unitCode="PCE">-1</cbc:BaseQuantity>')),
)
breaks('BR-KSA-EN16931-06', 'tax, list price and discount', line(set('cbc:ChargeIndicator', 'true')))
breaks('BR-KSA-EN16931-07', 'tax, list price and discount', line(set('cbc:BaseAmount', '101.00')))
breaks(
  'BR-KSA-F-06-C21',
  'tax',
  line(after('cbc:PriceAmount', `<cbc:BaseQuantity unitCode="${long(128)}">1</cbc:BaseQuantity>`)),
)

// advances
breaks(
  'BR-KSA-80',
  SETTLED,
  totals(set('cbc:PrepaidAmount', '1151.00')),
  totals(set('cbc:PayableAmount', '1034.00')),
)
breaks('BR-KSA-80', SETTLED, totals(cut('cbc:PrepaidAmount')), totals(set('cbc:PayableAmount', '2185.00')))
breaks('BR-KSA-74', SETTLED, advance(set('cbc:DocumentTypeCode', '388')))
breaks('BR-KSA-82', SETTLED, advance(set('cbc:LineExtensionAmount', '0.01')))
breaks('BR-KSA-82', SETTLED, advance(set('cbc:PriceAmount', '0.01')))
breaks('BR-KSA-73', SETTLED, advance(within('cac:DocumentReference', cut('cbc:IssueTime'))))
breaks('BR-KSA-73', SETTLED, advance(cut('cac:DocumentReference')))
breaks('BR-KSA-75', SETTLED, advance(cut('cac:TaxSubtotal')))
breaks('BR-KSA-79', SETTLED, advance(within('cac:TaxSubtotal', set('cbc:TaxAmount', '150.02'))))
breaks('BR-KSA-79', SETTLED, advance(within('cac:TaxSubtotal', set('cbc:Percent', ''))))
breaks('BR-KSA-DEC-06', SETTLED, advance(set('cbc:TaxableAmount', '1000.000')))
const rated = (code: string) => advance(within('cac:TaxCategory', set('cbc:ID', code)))
breaks('BR-KSA-76', SETTLED, rated('Z'))
breaks('BR-KSA-77', SETTLED, rated('E'))
breaks('BR-KSA-78', SETTLED, rated('O'))
const untaxed = (code: string) => [
  rated(code),
  advance(within('cac:TaxCategory', set('cbc:Percent', '0.00'))),
  advance(within('cac:TaxSubtotal', set('cbc:TaxAmount', '0.00'))),
  totals(set('cbc:PrepaidAmount', '1000.00')),
  totals(set('cbc:PayableAmount', '1185.00')),
]
const reason = (code: string, text?: string) =>
  advance(
    within(
      'cac:TaxCategory',
      before(
        'cac:TaxScheme',
        `<cbc:TaxExemptionReasonCode>${code}</cbc:TaxExemptionReasonCode>${text === undefined ? '' : `<cbc:TaxExemptionReason>${text}</cbc:TaxExemptionReason>`}`,
      ),
    ),
  )
breaks('BR-KSA-93', SETTLED, ...untaxed('Z'))
breaks('BR-KSA-94', SETTLED, ...untaxed('E'))
breaks('BR-KSA-95', SETTLED, ...untaxed('O'))
breaks('BR-KSA-96', SETTLED, ...untaxed('Z'), reason('VATEX-SA-32'))
breaks('BR-KSA-CL-07', SETTLED, ...untaxed('Z'), reason('VATEX-SA-32(bis)', 'Why'))
breaks('BR-KSA-CL-07', SETTLED, ...untaxed('E'), reason('VATEX-SA-32', 'Why'))
breaks('BR-KSA-F-06-C39', SETTLED, ...untaxed('Z'), reason('VATEX-SA-32', long(1001)))

// VAT
breaks('BR-KSA-18', 'tax', everywhere('<cbc:ID>S</cbc:ID>', '<cbc:ID>K</cbc:ID>'))
breaks('BR-KSA-DEC-02', 'tax', breakdown(set('cbc:Percent', '15.001')))
breaks('BR-KSA-DEC-02', 'tax', line(set('cbc:Percent', '115.00')))
breaks('BR-KSA-84', 'tax', everywhere('<cbc:Percent>15.00</cbc:Percent>', '<cbc:Percent>14.00</cbc:Percent>'))
breaks('BR-KSA-F-06-C16', 'tax, exempt', breakdown(set('cbc:TaxExemptionReason', long(1001))))
breaks('BR-KSA-83', 'tax, exempt', breakdown(cut('cbc:TaxExemptionReason')))
breaks('BR-KSA-CL-04', 'tax, exempt', breakdown(set('cbc:TaxExemptionReasonCode', 'VATEX-SA-35')))
breaks('BR-KSA-CL-04', 'simplified, zero rate', breakdown(set('cbc:TaxExemptionReasonCode', 'VATEX-SA-99')))
breaks('BR-KSA-69', 'tax, standard and zero rate', breakdown(cut('cbc:TaxExemptionReasonCode'), 1))
breaks('BR-KSA-23', 'tax, exempt', breakdown(cut('cbc:TaxExemptionReasonCode')))
breaks('BR-KSA-24', 'tax, out of scope', breakdown(cut('cbc:TaxExemptionReasonCode')))
breaks('BR-KSA-CL-02', 'tax', totals(attribute('cbc:PayableAmount', 'currencyID', 'USD')))
breaks('BR-KSA-CL-02', 'tax', totals(attribute('cbc:PayableAmount', 'currencyID')))
breaks(
  'BR-KSA-F-04',
  'tax',
  line(set('cbc:PriceAmount', '-100.00')),
  line(set('cbc:InvoicedQuantity', '-1.00')),
)
breaks('BR-KSA-F-04', PARTS, documentPart(set('cbc:Amount', '-5.00')))
breaks('BR-KSA-EN16931-08', 'tax', within('cac:TaxTotal', cut('cac:TaxSubtotal'), 1))
breaks('BR-KSA-EN16931-08', 'tax', xml =>
  xml.replace(
    /<cac:TaxTotal>(?:(?!<cac:TaxTotal>).)*<\/cac:TaxTotal>(?=<cac:Legal)/s,
    twice => twice + twice,
  ),
)
breaks('BR-KSA-EN16931-09', 'tax', cut('cac:TaxTotal'))
breaks('BR-KSA-97', DOLLARS, within('cac:TaxTotal', set('cbc:TaxAmount', '15.00')))

// what every invoice has
/** The document's own number: the first ID of the file is the signature's. */
const number = (text: string): Edit => swap(/(?<=reporting:1\.0<\/cbc:ProfileID>)<cbc:ID>.*?<\/cbc:ID>/, text)
breaks('BR-02', 'tax', number(''))
breaks('BR-03', 'tax', cut('cbc:IssueDate'))
breaks('BR-04', 'tax', cut('cbc:InvoiceTypeCode'))
breaks('BR-05', 'tax', cut('cbc:DocumentCurrencyCode'))
breaks('BR-06', 'tax', seller(cut('cac:PartyLegalEntity')))
breaks('BR-08', 'tax', seller(cut('cac:PostalAddress')))
breaks('BR-09', 'tax', seller(set('cbc:IdentificationCode', '')))
breaks('BR-10', EXPORT, buyer(cut('cac:PostalAddress')))
breaks('BR-16', 'tax', cut('cac:InvoiceLine'))
breaks('BR-49', 'tax', cut('cbc:PaymentMeansCode'))
breaks('BR-49', CREDIT, cut('cbc:PaymentMeansCode'))
breaks(
  'BR-52',
  'tax',
  before(
    'cac:Signature',
    '<cac:AdditionalDocumentReference><cbc:ID></cbc:ID></cac:AdditionalDocumentReference>',
  ),
)
breaks('BR-53', 'tax', within('cac:TaxTotal', attribute('cbc:TaxAmount', 'currencyID', 'USD')))
breaks(
  'BR-54',
  'tax',
  line(
    after(
      'cac:ClassifiedTaxCategory',
      '<cac:AdditionalItemProperty><cbc:Name>Colour</cbc:Name></cac:AdditionalItemProperty>',
    ),
  ),
)
breaks(
  'BR-55',
  'tax',
  before('cac:AdditionalDocumentReference', '<cac:BillingReference></cac:BillingReference>'),
)
breaks('BR-KSA-F-06-C1', 'tax', number(`<cbc:ID>${long(128)}</cbc:ID>`))
breaks('BR-KSA-F-06-C2', 'tax, purchase order and notes', set('cbc:Note', long(1001)))
const province = `<cbc:CountrySubentity>${long(128)}</cbc:CountrySubentity>`
breaks('BR-KSA-F-06-C8', 'tax', seller(after('cbc:PostalZone', province)))
breaks('BR-KSA-F-06-C27', 'tax', buyer(after('cbc:PostalZone', province)))
breaks('BR-KSA-F-06-C10', 'tax', seller(set('cbc:RegistrationName', long(1001))))
breaks('BR-21', 'tax', line(cut('cbc:ID')))
breaks('BR-22', 'tax', line(cut('cbc:InvoicedQuantity')))
breaks('BR-22', SETTLED, advance(set('cbc:InvoicedQuantity', '0')))
breaks('BR-24', 'tax', line(cut('cbc:LineExtensionAmount')))
breaks('BR-25', 'tax', line(within('cac:Item', cut('cbc:Name'))))
breaks('BR-26', 'tax', line(cut('cbc:PriceAmount')))
breaks('BR-DEC-23', 'tax', line(set('cbc:LineExtensionAmount', '100.000')))
breaks('BR-KSA-F-06-C17', 'tax', line(set('cbc:ID', '1234567')))
breaks('BR-KSA-F-06-C18', 'tax', line(attribute('cbc:InvoicedQuantity', 'unitCode', long(128))))
breaks('BR-KSA-F-06-C19', 'tax', line(within('cac:Item', set('cbc:Name', 'ab'))))
breaks('BR-KSA-F-06-C19', 'tax', line(within('cac:Item', set('cbc:Name', long(1001)))))
breaks('BR-KSA-F-C-01', 'tax', line(within('cac:Item', set('cbc:Name', '0446533480'))))
const item = (name: string) => `<cac:${name}><cbc:ID>${long(128)}</cbc:ID></cac:${name}>`
breaks(
  'BR-KSA-F-06-C20',
  'tax',
  line(before('cac:ClassifiedTaxCategory', item('StandardItemIdentification'))),
)
breaks(
  'BR-KSA-F-06-C30',
  'tax',
  line(before('cac:SellersItemIdentification', item('BuyersItemIdentification'))),
)
breaks('BR-KSA-F-06-C31', 'tax', line(within('cac:SellersItemIdentification', set('cbc:ID', long(128)))))
breaks('BR-CL-01', 'tax', set('cbc:InvoiceTypeCode', '999'))
breaks('BR-CL-03', 'tax', within('cac:TaxTotal', attribute('cbc:TaxAmount', 'currencyID', 'XYZ')))
breaks('BR-CL-04', 'tax', set('cbc:DocumentCurrencyCode', 'XYZ'))
breaks('BR-CL-05', 'tax', set('cbc:TaxCurrencyCode', 'XYZ'))
breaks('BR-CL-14', 'tax', buyer(set('cbc:IdentificationCode', 'XX')))
breaks('BR-CL-18', 'tax', breakdown(set('cbc:ID', 'Q')))

// sums
breaks('BR-13', 'tax', totals(cut('cbc:TaxExclusiveAmount')))
breaks('BR-14', 'tax', totals(cut('cbc:TaxInclusiveAmount')))
breaks('BR-15', 'tax', totals(cut('cbc:PayableAmount')))
breaks(
  'BR-CO-10',
  'tax, allowance and charge of the document',
  totals(set('cbc:LineExtensionAmount', '100.01')),
)
breaks('BR-CO-11', PARTS, totals(set('cbc:AllowanceTotalAmount', '5.01')))
breaks('BR-CO-11', PARTS, totals(cut('cbc:AllowanceTotalAmount')))
breaks('BR-CO-12', PARTS, totals(set('cbc:ChargeTotalAmount', '25.01')))
breaks('BR-CO-12', PARTS, totals(set('cbc:ChargeTotalAmount', '')))
breaks('BR-CO-13', PARTS, totals(set('cbc:TaxExclusiveAmount', '120.01')))
breaks('BR-CO-14', 'tax', within('cac:TaxTotal', set('cbc:TaxAmount', '15.01'), 1))
breaks(
  'BR-CO-15',
  'tax',
  totals(set('cbc:TaxInclusiveAmount', '115.01')),
  totals(set('cbc:PayableAmount', '115.01')),
)
breaks('BR-CO-16', 'tax', totals(set('cbc:PayableAmount', '115.01')))
breaks('BR-CO-16', 'simplified, shelf price 0.50', totals(cut('cbc:PayableRoundingAmount')))
breaks('BR-CO-16', SETTLED, totals(set('cbc:PayableAmount', '1035.01')))
breaks('BR-CO-18', 'tax', within('cac:TaxTotal', cut('cac:TaxSubtotal'), 1))
breaks('BR-DEC-09', 'tax', totals(set('cbc:LineExtensionAmount', '100.000')))
breaks('BR-DEC-10', 'tax', totals(set('cbc:AllowanceTotalAmount', '0.000')))
breaks('BR-DEC-11', 'tax', totals(set('cbc:ChargeTotalAmount', '0.000')))
breaks('BR-DEC-12', 'tax', totals(set('cbc:TaxExclusiveAmount', '100.000')))
breaks('BR-DEC-14', 'tax', totals(set('cbc:TaxInclusiveAmount', '115.000')))
breaks('BR-DEC-16', SETTLED, totals(set('cbc:PrepaidAmount', '1150.000')))
breaks(
  'BR-DEC-17',
  'simplified, shelf price 0.50',
  totals(swap(/(?<=<cbc:PayableRoundingAmount[^>]*>[^<]*)(?=<)/, '0')),
)
breaks('BR-DEC-18', 'tax', totals(set('cbc:PayableAmount', '115.000')))
breaks('BR-DEC-13', 'tax in dollars', within('cac:TaxTotal', set('cbc:TaxAmount', '15.000'), 1))
breaks('BR-DEC-15', 'tax', within('cac:TaxTotal', set('cbc:TaxAmount', '15.000')))
breaks('BR-31', PARTS, documentPart(cut('cbc:Amount')))
breaks('BR-36', PARTS, documentPart(cut('cbc:Amount'), 1))
breaks('BR-32', PARTS, documentPart(cut('cac:TaxCategory')))
breaks('BR-37', PARTS, documentPart(cut('cac:TaxCategory'), 1))
breaks('BR-DEC-01', PARTS, documentPart(set('cbc:Amount', '5.000')))
breaks('BR-DEC-02', PARTS, documentPart(set('cbc:BaseAmount', '100.000')))
breaks('BR-DEC-05', PARTS, documentPart(set('cbc:Amount', '25.000'), 1))
breaks(
  'BR-DEC-06',
  PARTS,
  documentPart(before('cac:TaxCategory', '<cbc:BaseAmount currencyID="SAR">25.000</cbc:BaseAmount>'), 1),
)
breaks('BR-41', LINE_PARTS, linePart(cut('cbc:Amount')))
breaks('BR-43', LINE_PARTS, linePart(cut('cbc:Amount'), 1))
breaks('BR-DEC-24', LINE_PARTS, linePart(set('cbc:Amount', '30.000')))
breaks('BR-DEC-25', LINE_PARTS, linePart(set('cbc:BaseAmount', '300.000')))
breaks('BR-DEC-27', LINE_PARTS, linePart(set('cbc:Amount', '12.340'), 1))
breaks(
  'BR-DEC-28',
  LINE_PARTS,
  linePart(after('cbc:Amount', '<cbc:BaseAmount currencyID="SAR">12.340</cbc:BaseAmount>'), 1),
)

// the breakdown
breaks('BR-45', 'tax', breakdown(cut('cbc:TaxableAmount')))
breaks('BR-46', 'tax', breakdown(cut('cbc:TaxAmount')))
breaks('BR-47', 'tax', breakdown(cut('cbc:ID')))
breaks('BR-48', 'tax', breakdown(cut('cbc:Percent')))
breaks('BR-CO-17', 'tax', ...vat('15.02', '115.02'))
breaks('BR-DEC-19', 'tax', breakdown(set('cbc:TaxableAmount', '100.000')))
breaks('BR-DEC-20', 'tax', breakdown(set('cbc:TaxAmount', '15.000')))
breaks('BR-CO-04', 'tax', line(cut('cac:ClassifiedTaxCategory')))
breaks('BR-S-01', 'tax', breakdown(within('cac:TaxCategory', set('cbc:ID', 'Z'))))
for (const [index, code] of ['Z', 'E', 'O'].entries()) {
  const other = code === 'Z' ? 'E' : 'Z'
  breaks(`BR-${code}-01`, EVERY, breakdown(within('cac:TaxCategory', set('cbc:ID', other)), index + 1))
  breaks(`BR-${code}-08`, EVERY, breakdown(set('cbc:TaxableAmount', '100.01'), index + 1))
  breaks(`BR-${code}-09`, EVERY, breakdown(set('cbc:TaxAmount', '0.01'), index + 1))
}
breaks('BR-S-08', 'tax', breakdown(set('cbc:TaxableAmount', '100.01')))
for (const code of ['Z', 'E']) {
  breaks(`BR-${code}-05`, EVERY, line(set('cbc:Percent', '5.00'), code === 'Z' ? 1 : 2))
  breaks(`BR-${code}-06`, PARTS, documentPart(within('cac:TaxCategory', set('cbc:ID', code))))
  breaks(`BR-${code}-07`, PARTS, documentPart(within('cac:TaxCategory', set('cbc:ID', code)), 1))
}
breaks('BR-S-05', 'tax', line(set('cbc:Percent', '0.00')))
breaks('BR-S-06', PARTS, documentPart(set('cbc:Percent', '0.00')))
breaks('BR-S-07', PARTS, documentPart(set('cbc:Percent', '0.00'), 1))
breaks('BR-S-09', 'tax', ...vat('14.98', '114.98'))
breaks(
  'BR-S-10',
  'tax',
  breakdown(before('cac:TaxScheme', '<cbc:TaxExemptionReason>Why</cbc:TaxExemptionReason>')),
)

// values the rules cannot calculate with
breaks('UNREADABLE-VALUE', 'tax', totals(set('cbc:PayableAmount', 'ten')))
breaks('UNREADABLE-VALUE', 'tax', line(set('cbc:PriceAmount', '')))
breaks('UNREADABLE-VALUE', 'tax', attachment('PIH', after('cbc:ID', '<cbc:UUID>2</cbc:UUID>')))
breaks('UNREADABLE-VALUE', 'simplified', set('cbc:IssueDate', '2026-13-01'))
breaks('UNREADABLE-VALUE', 'tax', after('cbc:TaxCurrencyCode', '<cbc:UUID>x</cbc:UUID>'))

/** Another VAT everywhere it is told, so that only its own rule finds it. */
function vat(amount: string, gross: string): Edit[] {
  return [
    within('cac:TaxTotal', set('cbc:TaxAmount', amount)),
    within('cac:TaxTotal', set('cbc:TaxAmount', amount), 1),
    breakdown(set('cbc:TaxAmount', amount)),
    totals(set('cbc:TaxInclusiveAmount', gross)),
    totals(set('cbc:PayableAmount', gross)),
  ]
}

export const BREAKS: readonly Break[] = list
