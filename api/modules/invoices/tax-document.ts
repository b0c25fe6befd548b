import { Model, snakeCaseMappers } from 'objection'

/** An invoice as it goes to ZATCA: the XML, and its place in the seller's chain. Written once. */
export class SealedDocument extends Model {
  static override tableName = 'tax_documents'
  static override idColumn = 'invoice_id'
  declare invoiceId: string
  declare sellerId: string
  declare counter: number
  declare previousHash: string
  declare hash: string
  declare xml: string
  declare createdAt: Date

  static override get columnNameMappers() {
    return snakeCaseMappers()
  }
}
