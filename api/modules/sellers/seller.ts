import { BaseModel } from '../../platform/model.js'

export class Seller extends BaseModel {
  static override tableName = 'sellers'
  declare ownerId: string
  /** Stands in this seller's invoice numbers. Given by the database. */
  declare series: number
  declare tradeName: string
  declare legalName: string
  declare crNumber: string
  /** Null where the seller is not registered for VAT, and so charges none. */
  declare vatNumber: string | null
  declare city: string
  declare status: 'PENDING' | 'APPROVED' | 'SUSPENDED'

  get isVatRegistered(): boolean {
    return this.vatNumber !== null
  }
}
