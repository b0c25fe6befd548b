import { type Actor, personOf } from '../../platform/actor.js'
import { after, type Clock, dayInRiyadh, days } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Logger } from '../../platform/logger.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import type { BankAccounts } from './bank-accounts.js'
import { assertNotOwn, requireOfficer } from './kyc-access.js'
import { KycCase } from './kyc-case.js'
import type { KycChecks } from './kyc-checks.js'
import { documentsWanted, type KycFile, lastDayOf, missingIn } from './kyc-file.js'
import type { KycPapers } from './kyc-papers.js'
import type { KycProfile } from './kyc-profile.js'
import type { Reason } from './kyc-reasons.js'
import { approvedUntil, rejectedUntil } from './kyc-retention.js'
import type { KycStore } from './kyc-store.js'
import type { CheckKind } from './kyc-words.js'

/** What an officer saw where no register answers: which check, and by what. */
export type Vouched = { check: CheckKind; evidence: string }

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  audit: AuditService
  messages: MessageService
  notifications: NotificationService
  sellers: SellerService
  store: KycStore
  papers: KycPapers
  checks: KycChecks
  accounts: BankAccounts
}
export type KycReview = ReturnType<typeof createKycReview>

/** The officers' side: one takes a case, looks, and decides with reasons. */
export function createKycReview(deps: Deps) {
  const { db, clock, logger, audit, messages, notifications, sellers, store, papers, checks, accounts } = deps
  return {
    /** Takes a case. One that another officer has is left to him, unless it is taken over by name of it. */
    async claim(caseId: string, actor: Actor, takeOver = false): Promise<KycFile> {
      return decide(caseId, actor, 'IN_REVIEW', async (trx, file, one) => {
        const person = personOf(actor)
        if (one.status === 'IN_REVIEW' && one.reviewer !== person && !takeOver) throw taken(one)
        if (one.status === 'IN_REVIEW' && one.reviewer === person) return
        await one.$query(trx).patch({ status: 'IN_REVIEW', reviewer: person, claimedAt: clock.now() })
        if (file.seller.status === 'SUBMITTED') await sellers.move(trx, file.seller, 'IN_REVIEW')
        await record(trx, actor, 'kyc_claimed', file, { caseId })
      })
    },

    /** Lets a seller sell. Each check must have found it right, or the officer says by what he knows. */
    async approve(caseId: string, vouched: readonly Vouched[], actor: Actor): Promise<KycFile> {
      let isFirst = false
      const decided = await decide(caseId, actor, 'APPROVED', async (trx, held, one) => {
        one.assertWith(personOf(actor))
        assertNotOwn(held, actor)
        for (const { check, evidence } of vouched) await checks.vouch(trx, held, check, evidence, actor)
        const file = await store.held(trx, held.seller.id)
        const now = clock.now()
        refuseGaps(missingIn(file, dayInRiyadh(now)))
        refuseUnverified(checks.standings(file).filter(({ verdict }) => verdict !== 'VERIFIED'))
        const { profile, seller } = file
        const verifiedUntil = lastDayOf(file, documentsWanted(file), dayInRiyadh(after(now, days(365))))
        isFirst = seller.approvedAt === null
        await sellers.move(trx, seller, 'APPROVED', {
          ...{ tradeName: profile.tradeName, legalName: profile.legalName, city: profile.city },
          ...{ crNumber: profile.crNumber, vatNumber: profile.vatNumber, verifiedUntil },
          approvedAt: seller.approvedAt ?? now,
          address: seller.address ?? taxAddressOf(profile),
          recheckedAt: now,
        })
        await accounts.activateFirst(trx, file, actor)
        await papers.keepUntil(trx, file, approvedUntil(new Date(`${verifiedUntil}T21:00:00Z`)))
        await one.$query(trx).patch({ status: 'APPROVED', decidedBy: personOf(actor), decidedAt: now })
        await record(trx, actor, isFirst ? 'seller_onboarded' : 'seller_verified_again', file, {
          caseId,
          verifiedUntil,
        })
        await tell(trx, file, 'kyc_approved', { caseId, verifiedUntil })
      })
      const { id } = decided.seller
      if (isFirst) logger.info('seller_onboarded', { type: 'business', sellerId: id })
      return decided
    },

    /** Says no, and why. A renewal that is refused leaves the approval until its end; a re-check ends it. */
    async reject(caseId: string, reasons: readonly Reason[], actor: Actor): Promise<KycFile> {
      return decide(caseId, actor, 'REJECTED', async (trx, file, one) => {
        one.assertWith(personOf(actor))
        assertNotOwn(file, actor)
        const { seller } = file
        const now = clock.now()
        const endsApproval = seller.status !== 'APPROVED' || one.kind === 'RECHECK'
        if (endsApproval) await sellers.move(trx, seller, 'REJECTED')
        await accounts.rejectFirst(trx, file, reasons, actor)
        if (seller.approvedAt === null) await papers.keepUntil(trx, file, rejectedUntil(now))
        await one
          .$query(trx)
          .patch({ status: 'REJECTED', decidedBy: personOf(actor), decidedAt: now, reasons: [...reasons] })
        const codes = reasons.map(({ code }) => code)
        await record(trx, actor, 'seller_rejected', file, { caseId, reasons: codes })
        await tell(trx, file, 'kyc_rejected', { caseId })
      })
    },
  }

  /** The seller first, then his case: the order in which everybody locks. A repeat of a decision changes nothing. */
  async function decide(
    caseId: string,
    actor: Actor,
    to: 'IN_REVIEW' | 'APPROVED' | 'REJECTED',
    act: (trx: Trx, file: KycFile, one: KycCase) => Promise<void>,
  ): Promise<KycFile> {
    requireOfficer(actor)
    return db.transaction(async trx => {
      const known = await KycCase.query(trx).findById(caseId)
      if (!known) throw notFound('case', caseId)
      const file = await store.held(trx, known.sellerId)
      const one = await KycCase.query(trx).findById(caseId)
      if (!one) throw notFound('case', caseId)
      const isRepeat = to !== 'IN_REVIEW' && one.status === to && one.decidedBy === personOf(actor)
      if (isRepeat) return file
      file.seller.assertNotSuspended()
      one.assertMayBecome(to)
      await act(trx, { ...file, current: one }, one)
      return store.held(trx, known.sellerId)
    })
  }

  function record(
    trx: Trx,
    actor: Actor,
    action: string,
    { seller }: KycFile,
    details: object,
  ): Promise<void> {
    return audit.record(trx, actor, action, { type: 'seller', id: seller.id }, { ...details })
  }

  async function tell(
    trx: Trx,
    { seller }: KycFile,
    what: 'kyc_approved' | 'kyc_rejected',
    data: Record<string, string>,
  ): Promise<void> {
    await notifications.add(trx, seller.ownerId, what, data)
    await messages.add(trx, what, seller.ownerId)
  }
}

/** Tax documents state where the seller is: what was reviewed, until he says otherwise. */
function taxAddressOf({ address }: KycProfile): Seller['address'] {
  if (address === null) return null
  const { shortAddress: _, ...stated } = address
  return stated
}

function refuseGaps(missing: string[]): void {
  if (missing.length === 0) return
  throw new AppError('conflict', 'kyc.incomplete', `Still to be put right: ${missing.join(', ')}.`, {
    missing,
  })
}

function refuseUnverified(open: readonly { kind: CheckKind; verdict: string | null }[]): void {
  if (open.length === 0) return
  const found = open.map(({ kind, verdict }) => `${kind} ${verdict ?? 'not checked'}`)
  throw new AppError('conflict', 'kyc.unverified', `Not verified: ${found.join(', ')}.`, {
    checks: open.map(({ kind, verdict }) => ({ kind, verdict })),
  })
}

const taken = ({ reviewer }: KycCase) =>
  new AppError('conflict', 'kyc.taken', 'Another officer has this case.', { reviewer })
