import { type Actor, personOf, system } from '../../platform/actor.js'
import { after, type Clock, dayInRiyadh, days, minutes, riyadhDay } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Day } from '../../platform/saudi/hijri.js'
import type { AuditService } from '../audit/audit-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { requireOfficer } from './kyc-access.js'
import { isAwaited, isSoft, KycCheck, standing } from './kyc-check.js'
import {
  accountOf,
  checksWanted,
  documentsWanted,
  firstDayOver,
  type KycFile,
  paperState,
} from './kyc-file.js'
import { isOpen, type KycStore } from './kyc-store.js'
import type { CheckKind, Verdict } from './kyc-words.js'
import type { Finding, Registries } from './registries/registry.js'

/** What is known of each thing that must be checked; null where nobody has looked at today's value yet. */
export type Standing = { kind: CheckKind; verdict: Verdict | null; check: KycCheck | undefined }

/** How long what the registers say is left alone; and where one has not answered, how soon it is asked again. */
const RECHECK_MS = days(30)
const AGAIN_MS = days(1)
const AGAIN_WHILE_DECIDED_MS = minutes(55)

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  sellers: SellerService
  store: KycStore
  registries: Registries
}
export type KycChecks = ReturnType<typeof createKycChecks>

/** The automatic checks. Registers are asked outside any transaction; what they say holds for what they were asked about. */
export function createKycChecks({ db, clock, audit, sellers, store, registries }: Deps) {
  return {
    standings,

    /** Asks all registers at once and keeps what they say. For the worker, and for an officer who wants to know now. */
    async run(sellerId: string, actor: Actor): Promise<KycFile> {
      requireOfficer(actor)
      const asked = await store.file(sellerId)
      const found = await Promise.all(
        checksWanted(asked).map(
          async kind => [kind, store.subjectOf(asked, kind), await findingFor(asked, kind)] as const,
        ),
      )
      return db.transaction(async trx => {
        const file = await store.held(trx, sellerId)
        for (const [kind, subject, finding] of found) {
          // what changed meanwhile has not been asked about
          if (finding && subject.equals(store.subjectOf(file, kind)))
            await keep(trx, file, kind, finding, actor)
        }
        const now = clock.now()
        const isAnswered = found.every(([, , finding]) => !finding || !isAwaited(finding.verdict))
        const recheckDueAt = after(now, isAnswered ? RECHECK_MS : againIn(file))
        await sellers.note(trx, sellerId, { recheckedAt: now, recheckDueAt })
        return store.held(trx, sellerId)
      })
    },

    /** The outbox's handler. */
    async runDue(sellerId: string): Promise<void> {
      await this.run(sellerId, system('kyc'))
    },

    /** An officer saw for himself what no register would say. What a register denies is not his to grant. */
    async vouch(trx: Trx, file: KycFile, kind: CheckKind, evidence: string, actor: Actor): Promise<void> {
      requireOfficer(actor)
      const verdict = standings(file).find(one => one.kind === kind)?.verdict
      if (verdict !== undefined && verdict !== null && !isSoft(verdict)) {
        if (verdict === 'VERIFIED') return
        throw new AppError(
          'conflict',
          'kyc.check_refused',
          `The check ${kind} found it wrong: that is not to be vouched for.`,
          { kind },
        )
      }
      if (kind === 'DOCUMENTS' || verdict === undefined) throw notToVouch(kind)
      await keep(
        trx,
        file,
        kind,
        { verdict: 'VERIFIED', source: 'officer', evidence: { note: evidence }, expiresAt: null },
        actor,
      )
    },
  }

  /** Somebody waits for a decision: the registers are asked with each run of the job. */
  function againIn({ current }: KycFile): number {
    return current && isOpen(current) ? AGAIN_WHILE_DECIDED_MS : AGAIN_MS
  }

  function standings(file: KycFile): Standing[] {
    return checksWanted(file).map(kind => {
      const of = file.checks.filter(check => check.kind === kind)
      const check = standing(of, store.subjectOf(file, kind), clock.now())
      return { kind, verdict: check?.verdict ?? null, check }
    })
  }

  async function keep(
    trx: Trx,
    file: KycFile,
    kind: CheckKind,
    finding: Finding,
    actor: Actor,
  ): Promise<void> {
    const { id: sellerId } = file.seller
    await KycCheck.query(trx).insert({
      id: newId(),
      sellerId,
      kind,
      ...finding,
      subject: store.subjectOf(file, kind),
      checkedBy: personOf(actor),
      checkedAt: clock.now(),
    })
    const { verdict, source } = finding
    await audit.record(trx, actor, 'kyc_checked', { type: 'seller', id: sellerId }, { kind, verdict, source })
  }

  /** Undefined where there is nothing yet to ask about. */
  async function findingFor(file: KycFile, kind: CheckKind): Promise<Finding | undefined> {
    const { profile, nationalId } = file
    switch (kind) {
      case 'COMMERCIAL_REGISTRATION':
        return registries.commercialRegistration(profile.crNumber, profile.legalName)
      case 'VAT_NUMBER':
        return profile.vatNumber === null ? undefined : registries.vatNumber(profile.vatNumber)
      case 'NATIONAL_ID':
        return nationalId === null ? undefined : registries.nationalId(nationalId)
      case 'BANK_ACCOUNT': {
        const account = accountOf(file)
        return account && registries.bankAccount(account.opened, profile.crNumber)
      }
      case 'DOCUMENTS':
        return papersFinding(file)
    }
  }

  /**
   * Ours to say, of each paper: there, not over, and about the number that was given. Whether they are real, people see.
   * It holds until the first of them is over.
   */
  function papersFinding(file: KycFile): Finding {
    const found = documentsWanted(file).map(kind => [kind, paperState(file, kind, today())] as const)
    const isGood = found.every(([, state]) => state === 'fits')
    const over = isGood ? firstDayOver(file) : undefined
    return {
      verdict: isGood ? 'VERIFIED' : 'REJECTED',
      source: 'papers',
      evidence: Object.fromEntries(found),
      expiresAt: over === undefined ? null : riyadhDay(over),
    }
  }

  function today(): Day {
    return dayInRiyadh(clock.now())
  }
}

const notToVouch = (kind: CheckKind) =>
  new AppError('conflict', 'kyc.not_to_vouch', `The check ${kind} is not one to vouch for.`, { kind })
