/** Words of the database, the API and the code alike. */
export const CASE_KINDS = ['ONBOARDING', 'RENEWAL', 'RECHECK'] as const
export const CASE_STATUSES = ['SUBMITTED', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'WITHDRAWN'] as const
export const DOCUMENT_KINDS = [
  'COMMERCIAL_REGISTRATION',
  'VAT_CERTIFICATE',
  'NATIONAL_ID',
  'BANK_LETTER',
] as const
export const CHECK_KINDS = [
  'COMMERCIAL_REGISTRATION',
  'VAT_NUMBER',
  'NATIONAL_ID',
  'BANK_ACCOUNT',
  'DOCUMENTS',
] as const
export const VERDICTS = ['VERIFIED', 'REJECTED', 'PENDING', 'UNAVAILABLE', 'FORMAT_ONLY'] as const
export const ACCOUNT_STATUSES = ['REQUESTED', 'ACTIVE', 'REJECTED', 'WITHDRAWN', 'REPLACED'] as const

export type CaseKind = (typeof CASE_KINDS)[number]
export type CaseStatus = (typeof CASE_STATUSES)[number]
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]
export type CheckKind = (typeof CHECK_KINDS)[number]
export type Verdict = (typeof VERDICTS)[number]
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

export const OPEN_CASES = ['SUBMITTED', 'IN_REVIEW'] as const satisfies readonly CaseStatus[]

/** What can become of a case from where. What is decided stays decided. */
export const CASE_MOVES: Readonly<Record<CaseStatus, readonly CaseStatus[]>> = {
  SUBMITTED: ['IN_REVIEW', 'WITHDRAWN'],
  IN_REVIEW: ['IN_REVIEW', 'APPROVED', 'REJECTED'],
  APPROVED: [],
  REJECTED: [],
  WITHDRAWN: [],
}
