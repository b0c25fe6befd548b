import { BaseModel } from '../../platform/model.js'
import type { CheckKind, Verdict } from './kyc-words.js'

/** What a check found. It holds for the values it was about, named by `subject`. */
export class KycCheck extends BaseModel {
  static override tableName = 'kyc_checks'
  static override jsonAttributes = ['evidence']
  declare sellerId: string
  declare kind: CheckKind
  declare verdict: Verdict
  /** `wathq`, `format`, `officer` …: who said so. */
  declare source: string
  /** What it was found by: an outcome and a reference, never a register's whole answer (PDPL). */
  declare evidence: Record<string, unknown>
  declare subject: Buffer
  declare checkedBy: string
  declare checkedAt: Date
  declare expiresAt: Date | null
}

/** What says neither yes nor no. */
const SOFT: ReadonlySet<Verdict> = new Set(['PENDING', 'UNAVAILABLE', 'FORMAT_ONLY'])
/** What a register has still to say. FORMAT_ONLY is not: nobody was asked. */
export const isAwaited = (verdict: Verdict): boolean => verdict === 'PENDING' || verdict === 'UNAVAILABLE'
export const isSoft = (verdict: Verdict): boolean => SOFT.has(verdict)

/**
 * What is known now, of checks newest first: the newest that is about today's values and not over; but one that says
 * neither yes nor no takes nothing away from a yes.
 */
export function standing(checks: readonly KycCheck[], subject: Buffer, now: Date): KycCheck | undefined {
  const valid = checks.filter(
    check => check.subject.equals(subject) && (check.expiresAt === null || check.expiresAt > now),
  )
  return valid.find(check => !isSoft(check.verdict)) ?? valid[0]
}
