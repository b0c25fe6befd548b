import { riyadhLocal } from '../../platform/clock.js'
import type { NationalAddress } from '../../platform/national-address.js'
import type { BuyerCompany, Invoice, InvoiceLine } from './invoice.js'
import { ofWhole } from './zatca/decimal.js'
import type { Address, Buyer, Line, PartyId, TaxDocument } from './zatca/document.js'
import { unitPriceOf } from './zatca/shelf-prices.js'
import { type Totals, totalsOf } from './zatca/totals.js'
import { writable } from './zatca/ubl/element.js'

/** All of an invoice's row that its document tells: also before the row is written. */
export type InvoiceFacts = Pick<
  Invoice,
  | ('id' | 'kind' | 'form' | 'number' | 'orderNumber' | 'issuedAt' | 'lines')
  | ('sellerName' | 'sellerCr' | 'sellerVat' | 'sellerAddress' | 'buyerCompany')
  | ('netHalalas' | 'vatHalalas' | 'roundingHalalas' | 'totalHalalas')
>
export type Link = { counter: number; previousHash: string }

/** Why a refunded order has a credit note: one of the reasons of Article 40 of the VAT regulations. */
const REFUND_REASON = 'إلغاء التوريد | Cancellation of the supply'

/** A bill states no VAT and goes nowhere; and without the seller's address there is no e-invoice yet. */
export const isTold = (invoice: Pick<Invoice, 'sellerVat' | 'sellerAddress'>): boolean =>
  invoice.sellerVat !== null && invoice.sellerAddress !== null

/**
 * An invoice as ZATCA wants it told. The marketplace issues it in the seller's name (third party), paid by card.
 * `original` is the number of the invoice a credit note is about.
 */
export function documentOf(
  invoice: InvoiceFacts,
  link: Link,
  original?: string,
): { document: TaxDocument; totals: Totals } {
  const { sellerVat, sellerAddress } = invoice
  if (sellerVat === null || sellerAddress === null)
    throw new Error(`invoice ${invoice.number} is not to be told`)
  const issuedAt = riyadhLocal(invoice.issuedAt)
  const isTax = invoice.form === 'TAX'
  const document: TaxDocument = {
    kind: invoice.kind === 'CREDIT_NOTE' ? 'CREDIT_NOTE' : 'INVOICE',
    form: isTax ? 'TAX' : 'SIMPLIFIED',
    flags: { thirdParty: true },
    number: invoice.number,
    uuid: invoice.id,
    issuedAt,
    purchaseOrder: invoice.orderNumber,
    ...(original && { corrects: { numbers: [original], reason: REFUND_REASON } }),
    ...link,
    seller: {
      name: writable(invoice.sellerName),
      vatNumber: sellerVat,
      id: registration(invoice.sellerCr),
      address: addressOf(sellerAddress),
    },
    // a simplified document names nobody it need not name
    buyer: isTax && invoice.buyerCompany ? buyerOf(invoice.buyerCompany) : null,
    supply: { from: issuedAt.slice(0, 10) },
    payment: { code: '48' },
    lines: invoice.lines.map(lineOf),
    rounding: invoice.roundingHalalas,
  }
  const totals = totalsOf(document)
  assertSame(invoice, totals)
  return { document, totals }
}

/** The document's own sums, made from its lines, are the order's: to the halala, or nothing is issued. */
function assertSame(invoice: InvoiceFacts, totals: Totals): void {
  const isSame =
    totals.net === invoice.netHalalas &&
    totals.vat === invoice.vatHalalas &&
    totals.payable === invoice.totalHalalas
  if (!isSame) throw new Error(`the sums of ${invoice.number} are not those of its lines`)
}

function lineOf(line: InvoiceLine): Line {
  const quantity = ofWhole(line.quantity)
  return {
    name: nameOf(line),
    sellerItemId: writable(line.partNumber),
    quantity,
    unitPrice: unitPriceOf(line.netHalalas, quantity),
    vat: { rate: line.vatBasisPoints },
  }
}

/** In both languages; with the part number where a name says too little for ZATCA (BR-KSA-F-C-01, BR-KSA-F-06-C19). */
function nameOf({ titleAr, titleEn, partNumber }: InvoiceLine): string {
  const name = titleAr === titleEn ? titleAr : `${titleAr} | ${titleEn}`
  return writable(/^\d*$/.test(name) || name.length < 3 ? `${name} (${partNumber})` : name)
}

function buyerOf({ name, vatNumber, id, address }: BuyerCompany): Buyer {
  return { name: writable(name), vatNumber, id, address: addressOf(address) }
}

/** A number of the commercial register, or the unified number that takes its place. */
export const registration = (crNumber: string): PartyId => ({
  scheme: crNumber.startsWith('7') ? '700' : 'CRN',
  value: crNumber,
})

export const addressOf = ({ additionalNumber, ...address }: NationalAddress): Address => ({
  ...address,
  street: writable(address.street),
  district: writable(address.district),
  city: writable(address.city),
  ...(additionalNumber && { additionalNumber }),
  country: 'SA',
})
