import { BaseModel } from '../../platform/model.js'
import type { Day } from '../../platform/saudi/hijri.js'
import type { DocumentKind } from './kyc-words.js'

/** A paper of a seller. Its picture is a private file; its number is sealed. */
export class KycDocument extends BaseModel {
  static override tableName = 'kyc_documents'
  declare sellerId: string
  declare kind: DocumentKind
  declare fileId: string
  declare number: Buffer
  declare numberHint: string
  declare issuedOn: Day
  /** Null where it has no end: a bank letter has none. */
  declare expiresOn: Day | null
  declare uploadedBy: string
  declare replacedAt: Date | null
  declare deleteAfter: Date

  isOverOn(day: Day): boolean {
    return this.expiresOn !== null && this.expiresOn < day
  }
}
