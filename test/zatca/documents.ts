import { decimal, ofWhole } from '../../api/modules/invoices/zatca/decimal.js'
import type { Buyer, Line, Seller, TaxDocument } from '../../api/modules/invoices/zatca/document.js'
import { FIRST_PREVIOUS_HASH, writeDocument } from '../../api/modules/invoices/zatca/sealing.js'
import { totalsOf } from '../../api/modules/invoices/zatca/totals.js'
import { halalas } from '../../api/platform/money.js'

/** The smallest parties and documents that are right in everything; a test changes what it is about. */

export const SELLER: Seller = {
  name: 'شركة قطع الخليج المحدودة',
  vatNumber: '310175397400003',
  id: { scheme: 'CRN', value: '1010183482' },
  address: {
    street: 'شارع العليا',
    buildingNumber: '7421',
    additionalNumber: '3914',
    district: 'العليا',
    city: 'الرياض',
    postalCode: '12211',
    country: 'SA',
  },
}

export const BUYER: Buyer = {
  name: 'مؤسسة ورش الشرق & Co <Eastern>',
  vatNumber: '310284756100003',
  id: { scheme: 'CRN', value: '2050173964' },
  address: {
    street: 'طريق الملك فهد',
    buildingNumber: '3168',
    district: 'الخالدية',
    city: 'الدمام',
    postalCode: '32221',
    country: 'SA',
  },
}

export const line = (over: Partial<Line> = {}): Line => ({
  name: 'فحمات أمامية | Front brake pads',
  sellerItemId: '04465-33480',
  quantity: ofWhole(1),
  unitPrice: decimal('100.00'),
  vat: { rate: 1500 },
  ...over,
})

export const aDocument = (over: Partial<TaxDocument> = {}): TaxDocument => ({
  kind: 'INVOICE',
  form: 'SIMPLIFIED',
  number: 'INV-1001-000001',
  uuid: '01976a3e-5c1f-7c3a-9d2e-4b5a6c7d8e9f',
  issuedAt: '2026-03-01T14:05:09',
  counter: 1,
  previousHash: FIRST_PREVIOUS_HASH,
  seller: SELLER,
  buyer: null,
  payment: { code: '48' },
  lines: [line()],
  ...over,
})

export const aTaxInvoice = (over: Partial<TaxDocument> = {}): TaxDocument =>
  aDocument({ form: 'TAX', buyer: BUYER, supply: { from: '2026-03-01' }, ...over })

/** A QR code of its own making is tested elsewhere; here any text of base64 does. */
export const QR = Buffer.from('\u0001\u0001x').toString('base64')

export const xmlOf = (document: TaxDocument): string =>
  writeDocument(document, totalsOf(document)).seal({ signature: '', qr: QR })

export const sar = (text: string) => halalas(Math.round(Number(text) * 100))
