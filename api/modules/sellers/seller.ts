import { AppError } from '../../platform/errors.js'
import { BaseModel } from '../../platform/model.js'
import type { NationalAddress } from '../../platform/national-address.js'
import type { Day } from '../../platform/saudi/hijri.js'
import { mayMove, type SellerStatus } from './seller-states.js'

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
  declare status: SellerStatus
  /** The first time. Null: nobody has looked at this seller yet, and strangers do not see him. */
  declare approvedAt: Date | null
  /** The last day the approval holds; null where no end is known. */
  declare verifiedUntil: Day | null
  declare recheckedAt: Date | null
  /** When the registers are to be asked next; null: 30 days after the last look, or the approval. */
  declare recheckDueAt: Date | null
  /** What he was before the suspension; null where he is not suspended, or was before this was kept. */
  declare suspendedFrom: SellerStatus | null

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

  /** What only an approved seller may do: be bought from. */
  assertSells(): void {
    this.assertNotSuspended()
    if (this.status === 'APPROVED') return
    throw new AppError('conflict', 'sellers.not_selling', `${this.tradeName} sells nothing at present.`, {
      sellerId: this.id,
    })
  }

  assertMayBecome(to: SellerStatus): void {
    if (mayMove(this.status, to)) return
    throw new AppError('conflict', 'kyc.wrong_state', `A seller who is ${this.status} cannot become ${to}.`, {
      sellerStatus: this.status,
    })
  }

  get isVatRegistered(): boolean {
    return this.vatNumber !== null
  }
}
