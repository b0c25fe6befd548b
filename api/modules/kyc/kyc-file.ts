import { type Day, daysAfter } from '../../platform/saudi/hijri.js'
import type { Seller } from '../sellers/seller.js'
import type { BankAccount } from './bank-account.js'
import type { KycCase } from './kyc-case.js'
import type { KycCheck } from './kyc-check.js'
import type { KycDocument } from './kyc-document.js'
import type { KycProfile } from './kyc-profile.js'
import type { CheckKind, DocumentKind } from './kyc-words.js'

/** A paper with its number opened. */
export type OpenDocument = KycDocument & { opened: string }
export type OpenAccount = BankAccount & { opened: string }

/** All that is known of a seller, numbers opened: for checks and decisions, not for show. */
export type KycFile = {
  seller: Seller
  profile: KycProfile
  nationalId: string | null
  documents: OpenDocument[]
  /** The account in use, and the one asked for. */
  active: OpenAccount | undefined
  requested: OpenAccount | undefined
  /** Newest first. */
  checks: KycCheck[]
  /** The one that is open, else the last one. */
  current: KycCase | undefined
}

export const documentsWanted = ({ profile }: KycFile): DocumentKind[] => [
  'COMMERCIAL_REGISTRATION',
  ...(profile.vatNumber === null ? [] : (['VAT_CERTIFICATE'] as const)),
  'NATIONAL_ID',
  'BANK_LETTER',
]

export const checksWanted = ({ profile }: KycFile): CheckKind[] => [
  'COMMERCIAL_REGISTRATION',
  ...(profile.vatNumber === null ? [] : (['VAT_NUMBER'] as const)),
  'NATIONAL_ID',
  'BANK_ACCOUNT',
  'DOCUMENTS',
]

/** The account a decision is about: the one asked for, else the one in use. */
export const accountOf = (file: KycFile): OpenAccount | undefined => file.requested ?? file.active

/** The number a paper should show. */
export function numberWanted(file: KycFile, kind: DocumentKind): string | null {
  switch (kind) {
    case 'COMMERCIAL_REGISTRATION':
      return file.profile.crNumber
    case 'VAT_CERTIFICATE':
      return file.profile.vatNumber
    case 'NATIONAL_ID':
      return file.nationalId
    case 'BANK_LETTER':
      return accountOf(file)?.opened ?? null
  }
}

/** What still stands between a seller and a decision: `profile.address`, `document.NATIONAL_ID.expired` … */
export function missingIn(file: KycFile, today: Day): string[] {
  const { profile } = file
  const profileGaps = [
    ...(profile.holderName ? [] : ['profile.holderName']),
    ...(file.nationalId ? [] : ['profile.nationalId']),
    ...(profile.address ? [] : ['profile.address']),
    ...(accountOf(file) ? [] : ['bankAccount']),
  ]
  const paperGaps = documentsWanted(file).flatMap(kind => PAPER_GAPS[paperState(file, kind, today)](kind))
  return [...profileGaps, ...paperGaps]
}

export type PaperState = 'fits' | 'missing' | 'expired' | 'another number'

export function paperState(file: KycFile, kind: DocumentKind, today: Day): PaperState {
  const paper = file.documents.find(document => document.kind === kind)
  if (!paper) return 'missing'
  if (paper.isOverOn(today)) return 'expired'
  const wanted = numberWanted(file, kind)
  return wanted === null || wanted === paper.opened ? 'fits' : 'another number'
}

const PAPER_GAPS: Readonly<Record<PaperState, (kind: DocumentKind) => string[]>> = {
  fits: () => [],
  missing: kind => [`document.${kind}`],
  expired: kind => [`document.${kind}.expired`],
  'another number': kind => [`document.${kind}.number`],
}

/** The day on which the first of the papers is over; undefined where none of them has an end. */
export function firstDayOver(file: KycFile): Day | undefined {
  const wanted = documentsWanted(file)
  const ends = file.documents.flatMap(({ kind, expiresOn }) =>
    expiresOn !== null && wanted.includes(kind) ? [daysAfter(expiresOn, 1)] : [],
  )
  return ends.sort()[0]
}

/** The last day an approval of today may hold: as long as its papers, and a year at most. */
export function lastDayOf({ documents }: KycFile, wanted: readonly DocumentKind[], inAYear: Day): Day {
  const ends = documents
    .filter(({ kind }) => wanted.includes(kind))
    .map(({ expiresOn }) => expiresOn ?? inAYear)
  return [...ends, inAYear].sort()[0] as Day // there is one at least
}
