import { type Actor, personOf } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Outbox } from '../../platform/outbox.js'
import { maskedIban } from '../../platform/saudi/iban.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { BankAccount } from './bank-account.js'
import { ownChange, requireOfficer, sellerFor, type Whose } from './kyc-access.js'
import type { KycChecks } from './kyc-checks.js'
import type { KycFile } from './kyc-file.js'
import type { Reason } from './kyc-reasons.js'
import { isOpen, type KycStore } from './kyc-store.js'

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  messages: MessageService
  sellers: SellerService
  store: KycStore
  outbox: Outbox
  checks: KycChecks
}
export type BankAccounts = ReturnType<typeof createBankAccounts>

/**
 * Where a seller is paid out. A stolen session must not turn the money aside: a change is asked for by one person with
 * a fresh proof (a signed operation), allowed by another, and the seller hears of both by e-mail.
 */
export function createBankAccounts({ db, clock, audit, messages, sellers, store, outbox, checks }: Deps) {
  return {
    /** Asks for another account. A later wish takes an earlier one's place; the same one again changes nothing. */
    async request(whose: Whose, input: { iban: string; holderName: string }, actor: Actor): Promise<KycFile> {
      const { id } = await sellerFor(sellers, whose, actor)
      return db.transaction(async trx => {
        const file = await store.held(trx, id)
        const { seller, requested, active, current } = file
        seller.assertNotSuspended()
        // the first account is part of what lies with an officer
        if (!active && current && isOpen(current)) throw locked()
        const isSame = requested?.opened === input.iban && requested.holderName === input.holderName
        if (isSame && requested.requestedBy === personOf(actor)) return file
        if (requested) await close(trx, requested, 'WITHDRAWN')
        const accountId = newId()
        await BankAccount.query(trx).insert({
          id: accountId,
          sellerId: id,
          iban: store.seal(input.iban, id),
          ibanHint: maskedIban(input.iban),
          bankCode: input.iban.slice(4, 6),
          holderName: input.holderName,
          status: 'REQUESTED',
          requestedBy: personOf(actor),
          requestedAt: clock.now(),
          reasons: [],
        })
        await record(trx, actor, 'bank_account_requested', id, accountId)
        if (active) {
          await messages.add(trx, 'bank_account_requested', seller.ownerId)
          await outbox.add(trx, 'kyc_checks_due', { sellerId: id })
        }
        return store.held(trx, id)
      })
    },

    /** Asked-for changes of sellers who are paid out already, oldest first: a first account goes with its case. */
    async waiting(limit: number, actor: Actor): Promise<BankAccount[]> {
      requireOfficer(actor)
      return BankAccount.query(db)
        .alias('b')
        .where({ status: 'REQUESTED' })
        .whereExists(
          BankAccount.query(db)
            .alias('a')
            .where({ 'a.status': 'ACTIVE' })
            .whereColumn('a.seller_id', 'b.seller_id'),
        )
        .orderBy('requested_at')
        .limit(limit)
    },

    /** The account must be shown to be the firm's, or the officer says by what he knows. */
    async approve(accountId: string, evidence: string | undefined, actor: Actor): Promise<KycFile> {
      return decide(accountId, actor, 'ACTIVE', async (trx, file, account) => {
        file.seller.assertNotSuspended()
        if (!file.active) throw goesWithCase()
        if (evidence) await checks.vouch(trx, file, 'BANK_ACCOUNT', evidence, actor)
        const seen = evidence ? await store.held(trx, file.seller.id) : file
        const one = checks.standings(seen).find(({ kind }) => kind === 'BANK_ACCOUNT')
        if (one?.verdict !== 'VERIFIED') throw unverified(one?.verdict ?? null)
        await activate(trx, file, account, actor)
        await messages.add(trx, 'bank_account_changed', file.seller.ownerId)
      })
    },

    async reject(accountId: string, reasons: readonly Reason[], actor: Actor): Promise<KycFile> {
      return decide(accountId, actor, 'REJECTED', (trx, file, account) =>
        refuse(trx, file, account, reasons, actor),
      )
    },

    /** The first account is allowed with the seller. A change of it never is: it has a decision of its own. */
    async activateFirst(trx: Trx, file: KycFile, actor: Actor): Promise<void> {
      if (file.requested && !file.active) await activate(trx, file, file.requested, actor)
    },

    async rejectFirst(trx: Trx, file: KycFile, reasons: readonly Reason[], actor: Actor): Promise<void> {
      const isAccount = reasons.some(({ code }) => code === 'ACCOUNT_NOT_OWNED')
      if (file.requested && !file.active && isAccount) await refuse(trx, file, file.requested, reasons, actor)
    },
  }

  async function decide(
    accountId: string,
    actor: Actor,
    to: 'ACTIVE' | 'REJECTED',
    act: (trx: Trx, file: KycFile, account: BankAccount) => Promise<void>,
  ): Promise<KycFile> {
    requireOfficer(actor)
    return db.transaction(async trx => {
      const known = await BankAccount.query(trx).findById(accountId)
      if (!known) throw notFound('account', accountId)
      const file = await store.held(trx, known.sellerId)
      const account = await BankAccount.query(trx).findById(accountId)
      if (!account) throw notFound('account', accountId)
      if (account.status === to && account.decidedBy === personOf(actor)) return file
      account.assertRequested()
      const own = [account.requestedBy, letterBy(file, accountId), `user:${file.seller.ownerId}`]
      if (own.includes(personOf(actor))) throw ownChange()
      await act(trx, file, account)
      return store.held(trx, known.sellerId)
    })
  }

  async function activate(trx: Trx, file: KycFile, account: BankAccount, actor: Actor): Promise<void> {
    if (file.active) await close(trx, file.active, 'REPLACED')
    const decided = { status: 'ACTIVE', decidedBy: personOf(actor), decidedAt: clock.now() } as const
    try {
      await BankAccount.query(trx).findById(account.id).patch(decided)
    } catch (error) {
      throw isUniqueViolation(error) ? locked() : error
    }
    await record(trx, actor, 'bank_account_changed', file.seller.id, account.id)
  }

  async function refuse(
    trx: Trx,
    file: KycFile,
    account: BankAccount,
    reasons: readonly Reason[],
    actor: Actor,
  ): Promise<void> {
    const decided = { status: 'REJECTED', decidedBy: personOf(actor), decidedAt: clock.now() } as const
    await BankAccount.query(trx)
      .findById(account.id)
      .patch({ ...decided, reasons: [...reasons] })
    await record(trx, actor, 'bank_account_rejected', file.seller.id, account.id)
  }

  async function close(trx: Trx, { id }: BankAccount, status: 'WITHDRAWN' | 'REPLACED'): Promise<void> {
    await BankAccount.query(trx).findById(id).patch({ status })
  }

  /** Who handed in the letter that says whose the account is. */
  function letterBy({ documents, requested }: KycFile, accountId: string): string | undefined {
    const number = requested?.id === accountId ? requested.opened : undefined
    return documents.find(({ kind, opened }) => kind === 'BANK_LETTER' && opened === number)?.uploadedBy
  }

  function record(
    trx: Trx,
    actor: Actor,
    action: string,
    sellerId: string,
    accountId: string,
  ): Promise<void> {
    return audit.record(trx, actor, action, { type: 'seller', id: sellerId }, { accountId })
  }
}

const locked = () =>
  new AppError(
    'conflict',
    'kyc.locked',
    'This is being reviewed: withdraw it first, or wait for the decision.',
  )
const goesWithCase = () =>
  new AppError('conflict', 'kyc.first_account', "A seller's first account is decided with his case.")
const unverified = (verdict: string | null) =>
  new AppError('conflict', 'kyc.unverified', `Not verified: BANK_ACCOUNT ${verdict ?? 'not checked'}.`, {
    checks: [{ kind: 'BANK_ACCOUNT', verdict }],
  })
