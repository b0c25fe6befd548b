import { createHmac } from 'node:crypto'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import type { Sealer } from '../../platform/sealer.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { BankAccount } from './bank-account.js'
import { KycCase } from './kyc-case.js'
import { KycCheck } from './kyc-check.js'
import { KycDocument } from './kyc-document.js'
import { accountOf, type KycFile } from './kyc-file.js'
import { KycProfile } from './kyc-profile.js'
import { type CheckKind, OPEN_CASES } from './kyc-words.js'

type Deps = { db: Db; sellers: SellerService; seals: Sealer; subjectKey: () => string }
export type KycStore = ReturnType<typeof createKycStore>

/** Reads a seller's file whole, and keeps its numbers sealed: bound to the seller, so that none opens elsewhere. */
export function createKycStore({ db, sellers, seals, subjectKey }: Deps) {
  const open = (sealed: Buffer, sellerId: string) => seals.open(sealed, sellerId).toString('utf8')

  return {
    seal: (number: string, sellerId: string): Buffer => seals.seal(Buffer.from(number), sellerId),

    /** For whoever is about to change it: nobody else does until the transaction ends. */
    async held(trx: Trx, sellerId: string): Promise<KycFile> {
      return fileOf(await sellers.held(trx, sellerId), trx)
    },

    async file(sellerId: string): Promise<KycFile> {
      return fileOf(await sellers.get(sellerId), db)
    },

    /** What a check of this kind is about, as a name that tells nothing: the verdict holds as long as it is this. */
    subjectOf(file: KycFile, kind: CheckKind): Buffer {
      const { profile, nationalId, documents } = file
      const account = accountOf(file)
      const about: Record<CheckKind, unknown> = {
        COMMERCIAL_REGISTRATION: [profile.crNumber, profile.legalName],
        VAT_NUMBER: [profile.vatNumber],
        NATIONAL_ID: [nationalId, profile.holderName],
        BANK_ACCOUNT: [account?.opened, profile.crNumber],
        DOCUMENTS: [
          documents.map(({ id }) => id).sort(),
          profile.crNumber,
          profile.vatNumber,
          nationalId,
          account?.opened,
        ],
      }
      const text = JSON.stringify([profile.sellerId, kind, about[kind]])
      return createHmac('sha256', subjectKey()).update(text).digest()
    },
  }

  async function fileOf(seller: Seller, on: DbOrTrx): Promise<KycFile> {
    const of = { seller_id: seller.id }
    const [profile, documents, accounts, checks, cases] = [
      await KycProfile.query(on).findById(seller.id),
      await KycDocument.query(on).where(of).whereNull('replaced_at').orderBy('kind'),
      await BankAccount.query(on).where(of).whereIn('status', ['ACTIVE', 'REQUESTED']),
      await newestChecks(on, seller.id),
      await KycCase.query(on).where(of).orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(20),
    ]
    const opened = accounts.map(account => Object.assign(account, { opened: open(account.iban, seller.id) }))
    const sealedId = profile?.nationalId
    return {
      seller,
      profile: profile ?? firstProfile(seller),
      nationalId: sealedId ? open(sealedId, seller.id) : null,
      documents: documents.map(paper => Object.assign(paper, { opened: open(paper.number, seller.id) })),
      active: opened.find(({ status }) => status === 'ACTIVE'),
      requested: opened.find(({ status }) => status === 'REQUESTED'),
      checks,
      current: cases.find(isOpen) ?? cases[0],
    }
  }
}

/**
 * Of each thing the newest word of each kind: however often a register has been away since, what it said before is
 * among them.
 */
function newestChecks(on: DbOrTrx, sellerId: string): Promise<KycCheck[]> {
  const newest = KycCheck.query(on)
    .distinctOn('kind', 'subject', 'verdict', 'source')
    .where({ seller_id: sellerId })
    .orderByRaw('kind, subject, verdict, source, checked_at desc, id desc')
  return KycCheck.query(on)
    .from(newest.as('kyc_checks'))
    .orderBy('checked_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

export const isOpen = ({ status }: KycCase): boolean => (OPEN_CASES as readonly string[]).includes(status)

/** Where a case stands that is not decided yet. */
export const openStatus = ({ current }: KycFile): (typeof OPEN_CASES)[number] | undefined =>
  OPEN_CASES.find(status => status === current?.status)

/** What was said with the application. */
function firstProfile(seller: Seller): KycProfile {
  const { id, ownerId, tradeName, legalName, crNumber, vatNumber, city, createdAt } = seller
  return KycProfile.fromJson(
    {
      ...{ sellerId: id, tradeName, legalName, crNumber, vatNumber, city },
      ...{ holderName: null, nationalId: null, nationalIdHint: null, address: null },
      updatedBy: `user:${ownerId}`,
      updatedAt: createdAt,
      hands: [`user:${ownerId}`],
    },
    { skipValidation: true },
  )
}
