import type { Verdict } from '../kyc-words.js'

export type Finding = {
  verdict: Verdict
  source: string
  /** An outcome and a reference: never the register's whole answer. */
  evidence: Record<string, unknown>
  /** When it should be asked again; null: when its subject changes. */
  expiresAt: Date | null
}

/**
 * Whoever knows whether a number is somebody's. Each answers and never throws: a register that is away is a finding,
 * UNAVAILABLE. The numbers come in their normal form.
 */
export type Registries = {
  commercialRegistration(number: string, legalName: string): Promise<Finding>
  vatNumber(number: string): Promise<Finding>
  nationalId(number: string): Promise<Finding>
  /** `holderId` is the CR number of the firm whose account it should be. */
  bankAccount(iban: string, holderId: string): Promise<Finding>
}
