import { BaseModel } from '../../platform/model.js'
import type { NationalAddress } from '../../platform/saudi/address.js'

/** What a seller says of himself, until an approval makes it what others read. */
export class KycProfile extends BaseModel {
  static override tableName = 'kyc_profiles'
  static override idColumn = 'seller_id'
  static override jsonAttributes = ['address']
  declare sellerId: string
  declare tradeName: string
  declare legalName: string
  declare crNumber: string
  declare vatNumber: string | null
  declare city: string
  /** The person whose national ID or Iqama it is: the owner, or who signs for the firm. */
  declare holderName: string | null
  /** Sealed. */
  declare nationalId: Buffer | null
  declare nationalIdHint: string | null
  declare address: NationalAddress | null
  /** Who wrote it last: see personOf. */
  declare updatedBy: string
  declare updatedAt: Date
  /** Everybody who wrote in it, the last one and those before: none of them decides over it. */
  declare hands: string[]

  override $beforeInsert(): void {}
}
