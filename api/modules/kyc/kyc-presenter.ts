import type { z } from 'zod'
import { BANKS } from '../../platform/saudi/banks.js'
import { type Day, hijriOf } from '../../platform/saudi/hijri.js'
import type { BankAccount } from './bank-account.js'
import type { KycCase } from './kyc-case.js'
import type { Standing } from './kyc-checks.js'
import type { KycFile, OpenAccount, OpenDocument } from './kyc-file.js'
import type { QueuedCase } from './kyc-queue.js'
import { reasonText } from './kyc-reasons.js'
import type { AccountQueue, CasePage, KycView, OfficerKycView } from './kyc-schemas.js'

export type Shown = { file: KycFile; missing: string[]; standings: Standing[] }

export const presentDay = (day: Day | null) => (day === null ? null : { gregorian: day, hijri: hijriOf(day) })

/** What the seller himself sees: his numbers in part, because a screen is looked at by others too. */
export function presentKyc({ file, missing, standings }: Shown): z.infer<typeof KycView> {
  const { seller, profile } = file
  const { tradeName, legalName, crNumber, vatNumber, city, holderName, address } = profile
  return {
    sellerId: seller.id,
    status: seller.status,
    verifiedUntil: presentDay(seller.verifiedUntil),
    missing,
    profile: {
      ...{ tradeName, legalName, crNumber, vatNumber, city, holderName },
      nationalId: profile.nationalIdHint,
      address: address && { ...address },
    },
    documents: file.documents.map(paper => presentDocument(paper, paper.numberHint)),
    bankAccount: file.active ? presentAccount(file.active, file.active.ibanHint) : null,
    requestedAccount: file.requested ? presentAccount(file.requested, file.requested.ibanHint) : null,
    checks: standings.map(({ kind, verdict }) => ({ kind, verdict })),
    case: file.current ? presentCase(file.current) : null,
  }
}

/** What an officer decides by: numbers whole, and what each check was found by. */
export function presentKycToOfficer(shown: Shown): z.infer<typeof OfficerKycView> {
  const { file, standings } = shown
  const view = presentKyc(shown)
  const whole = (account: OpenAccount | undefined) =>
    account ? presentAccount(account, account.opened) : null
  return {
    ...view,
    profile: { ...view.profile, nationalId: file.nationalId },
    documents: file.documents.map(paper => presentDocument(paper, paper.opened)),
    bankAccount: whole(file.active),
    requestedAccount: whole(file.requested),
    checks: standings.map(({ kind, verdict, check }) => ({
      kind,
      verdict,
      source: check?.source ?? null,
      evidence: check?.evidence ?? null,
      checkedAt: check?.checkedAt.toISOString() ?? null,
      checkedBy: check?.checkedBy ?? null,
      expiresAt: check?.expiresAt?.toISOString() ?? null,
    })),
    case: file.current
      ? {
          ...presentCase(file.current),
          submittedBy: file.current.submittedBy,
          reviewer: file.current.reviewer,
          decidedBy: file.current.decidedBy,
        }
      : null,
  }
}

export const presentQueued = (one: QueuedCase): z.infer<typeof CasePage>['items'][number] => ({
  id: one.id,
  kind: one.kind,
  status: one.status,
  sellerId: one.sellerId,
  tradeName: one.tradeName,
  crNumber: one.crNumber,
  submittedAt: one.submittedAt.toISOString(),
  reviewer: one.reviewer,
})

export const presentWaiting = (account: BankAccount): z.infer<typeof AccountQueue>['items'][number] => ({
  ...presentAccount(account, account.ibanHint),
  sellerId: account.sellerId,
  requestedBy: account.requestedBy,
})

const presentDocument = (paper: OpenDocument, number: string) => ({
  id: paper.id,
  kind: paper.kind,
  number,
  issuedOn: { gregorian: paper.issuedOn, hijri: hijriOf(paper.issuedOn) },
  expiresOn: presentDay(paper.expiresOn),
  deleteAfter: paper.deleteAfter.toISOString(),
})

const presentAccount = (account: BankAccount, iban: string) => ({
  id: account.id,
  status: account.status,
  iban,
  bank: BANKS[account.bankCode] ?? null,
  holderName: account.holderName,
  requestedAt: account.requestedAt.toISOString(),
})

const presentCase = (one: KycCase) => ({
  id: one.id,
  kind: one.kind,
  status: one.status,
  consentVersion: one.consentVersion,
  submittedAt: one.submittedAt.toISOString(),
  decidedAt: one.decidedAt?.toISOString() ?? null,
  reasons: one.reasons.map(reason => ({ code: reason.code, text: reasonText(reason) })),
})
