import type { QueryBuilder } from 'objection'
import { BaseModel } from '../../platform/model.js'
import type { BasisPoints, Halalas } from '../../platform/money.js'
import type { NationalAddress } from '../../platform/national-address.js'
import { SealedDocument } from './tax-document.js'
import type { PartyId } from './zatca/document.js'

export const INVOICE_KINDS = ['TAX_INVOICE', 'BILL', 'CREDIT_NOTE'] as const
export type InvoiceKind = (typeof INVOICE_KINDS)[number]
export const INVOICE_FORMS = ['TAX', 'SIMPLIFIED'] as const

export type InvoiceLine = {
  titleAr: string
  titleEn: string
  partNumber: string
  quantity: number
  unitPriceHalalas: Halalas
  totalHalalas: Halalas
  netHalalas: Halalas
  vatBasisPoints: BasisPoints
}

/** The firm that buys, as it was when the document was issued. */
export type BuyerCompany = {
  name: string
  vatNumber: string | null
  id: PartyId | null
  address: NationalAddress
}

/** A document as it was issued. The database lets nobody change one. */
export class Invoice extends BaseModel {
  static override tableName = 'invoices'
  declare kind: InvoiceKind
  /** Null for what states no VAT, and for documents older than the distinction: those are simplified. */
  declare form: (typeof INVOICE_FORMS)[number] | null
  /** `INV-1001-000001`: prefix, the seller's series, the seller's counter without gaps. */
  declare number: string
  declare sellerId: string
  declare orderId: string
  declare orderNumber: string
  declare refundId: string | null
  declare originalId: string | null
  declare sellerName: string
  declare sellerCr: string
  declare sellerVat: string | null
  declare sellerAddress: NationalAddress | null
  declare buyerName: string
  declare buyerCompany: BuyerCompany | null
  declare lines: InvoiceLine[]
  declare netHalalas: Halalas
  declare vatHalalas: Halalas
  declare roundingHalalas: Halalas
  declare totalHalalas: Halalas
  /** As it was issued. An XML that came later has a code of its own, and that counts. */
  declare qr: string | null
  declare issuedAt: Date
  declare document?: Pick<SealedDocument, 'unitId' | 'counter' | 'previousHash' | 'hash' | 'qr'> | null

  static override relationMappings = () => ({
    document: {
      relation: BaseModel.HasOneRelation,
      modelClass: SealedDocument,
      // without the XML: a list would be megabytes
      modify: (query: QueryBuilder<SealedDocument>) =>
        query.select('invoice_id', 'unit_id', 'counter', 'previous_hash', 'hash', 'qr'),
      join: { from: 'invoices.id', to: 'tax_documents.invoice_id' },
    },
  })

  static override get jsonAttributes(): string[] {
    return ['lines', 'sellerAddress', 'buyerCompany']
  }
}
