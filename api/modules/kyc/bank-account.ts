import { AppError } from '../../platform/errors.js'
import { BaseModel } from '../../platform/model.js'
import type { Reason } from './kyc-reasons.js'
import type { AccountStatus } from './kyc-words.js'

/** Where a seller's money goes. One person asks for a change, another allows it; the database holds to that too. */
export class BankAccount extends BaseModel {
  static override tableName = 'bank_accounts'
  static override jsonAttributes = ['reasons']
  declare sellerId: string
  /** Sealed. */
  declare iban: Buffer
  declare ibanHint: string
  declare bankCode: string
  declare holderName: string
  declare status: AccountStatus
  declare requestedBy: string
  declare requestedAt: Date
  declare decidedBy: string | null
  declare decidedAt: Date | null
  declare reasons: Reason[]

  assertRequested(): void {
    if (this.status === 'REQUESTED') return
    throw new AppError('conflict', 'kyc.wrong_state', `This account is ${this.status} already.`, {
      accountStatus: this.status,
    })
  }
}
