import { hash } from 'node:crypto'
import { Model, snakeCaseMappers } from 'objection'

/** An invoice as it goes to ZATCA: the signed XML, and its place in the chain of its unit. Written once. */
export class SealedDocument extends Model {
  static override tableName = 'tax_documents'
  static override idColumn = 'invoice_id'
  declare invoiceId: string
  declare sellerId: string
  declare unitId: string
  declare counter: number
  declare previousHash: string
  declare hash: string
  declare xml: string
  /** Null on documents from before there were signatures. */
  declare qr: string | null
  /** SHA-256 of the bytes of `xml`. */
  declare digest: Buffer
  declare createdAt: Date

  static override get columnNameMappers() {
    return snakeCaseMappers()
  }
}

export const digestOfBytes = (xml: string): Buffer => Buffer.from(hash('sha256', xml, 'hex'), 'hex')
