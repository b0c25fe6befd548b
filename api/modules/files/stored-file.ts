import { BaseModel } from '../../platform/model.js'
import type { FileKind } from '../../platform/saudi/file-kind.js'

/** A private file somebody handed in. Its bytes are in the storage, encrypted. */
export class StoredFile extends BaseModel {
  static override tableName = 'files'
  declare ownerId: string
  declare purpose: 'KYC'
  declare key: string
  declare type: FileKind
  declare size: number
  /** As its owner called it: shown, and never used as a path. */
  declare name: string
  declare deleteAfter: Date | null
  declare removedAt: Date | null
}
