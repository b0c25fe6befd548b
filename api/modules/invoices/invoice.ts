import { BaseModel } from '../../platform/model.js'
import type { BasisPoints, Halalas } from '../../platform/money.js'

export const INVOICE_KINDS = ['TAX_INVOICE', 'BILL', 'CREDIT_NOTE'] as const
export type InvoiceKind = (typeof INVOICE_KINDS)[number]

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

/** A document as it was issued. The database lets nobody change one. */
export class Invoice extends BaseModel {
  static override tableName = 'invoices'
  declare kind: InvoiceKind
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
  declare buyerName: string
  declare lines: InvoiceLine[]
  declare netHalalas: Halalas
  declare vatHalalas: Halalas
  declare roundingHalalas: Halalas
  declare totalHalalas: Halalas
  declare qr: string | null
  declare issuedAt: Date

  static override get jsonAttributes(): string[] {
    return ['lines']
  }
}
