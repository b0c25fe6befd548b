import { AppError } from '../../platform/errors.js'
import { BaseModel } from '../../platform/model.js'
import type { Reason } from './kyc-reasons.js'
import { CASE_MOVES, type CaseKind, type CaseStatus } from './kyc-words.js'

/** One going through: a first approval, a renewal, or a look at what a register says by now. */
export class KycCase extends BaseModel {
  static override tableName = 'kyc_cases'
  static override jsonAttributes = ['reasons']
  declare sellerId: string
  declare kind: CaseKind
  declare status: CaseStatus
  declare consentVersion: string | null
  declare submittedBy: string
  declare submittedAt: Date
  declare reviewer: string | null
  declare claimedAt: Date | null
  declare decidedBy: string | null
  declare decidedAt: Date | null
  declare reasons: Reason[]

  assertMayBecome(to: CaseStatus): void {
    if (CASE_MOVES[this.status].includes(to)) return
    throw new AppError('conflict', 'kyc.wrong_state', `A case that is ${this.status} cannot become ${to}.`, {
      caseStatus: this.status,
    })
  }

  /** One officer at a time: two who decide at once would not know of each other. */
  assertWith(person: string): void {
    if (this.reviewer === person) return
    throw new AppError(
      'conflict',
      'kyc.not_yours',
      'Take the case into review first; another officer has it, or nobody.',
      {
        reviewer: this.reviewer,
      },
    )
  }
}
