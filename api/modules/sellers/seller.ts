import { AppError } from '../../platform/errors.js'
import { BaseModel } from '../../platform/model.js'
import type { NationalAddress } from '../../platform/national-address.js'

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
  /** Where tax documents say the seller is; null until the seller says. */
  declare address: NationalAddress | null
  declare status: 'PENDING' | 'APPROVED' | 'SUSPENDED'

  static override get jsonAttributes(): string[] {
    return ['address']
  }

  /** A suspended seller neither sells nor changes what is for sale. */
  assertNotSuspended(): void {
    if (this.status !== 'SUSPENDED') return
    throw new AppError('conflict', 'sellers.suspended', `The seller ${this.tradeName} is suspended.`, {
      sellerId: this.id,
    })
  }

  get isVatRegistered(): boolean {
    return this.vatNumber !== null
  }
}
