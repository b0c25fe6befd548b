import { type Actor, isStaffRole, personOf, requireUser } from '../../platform/actor.js'
import { type Clock, dayInRiyadh } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Outbox } from '../../platform/outbox.js'
import type { NationalAddress } from '../../platform/saudi/address.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerApplication, SellerService } from '../sellers/seller-service.js'
import { assertEditable, requireOfficer, sellerFor, type Whose } from './kyc-access.js'
import { KycCase } from './kyc-case.js'
import { type KycFile, missingIn } from './kyc-file.js'
import type { KycPapers } from './kyc-papers.js'
import { KycProfile } from './kyc-profile.js'
import { replacedUntil } from './kyc-retention.js'
import { isOpen, type KycStore } from './kyc-store.js'

export type ProfileEdit = Partial<
  SellerApplication & { holderName: string; nationalId: string; address: NationalAddress }
>

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  outbox: Outbox
  auth: AuthService
  sellers: SellerService
  store: KycStore
  papers: KycPapers
}
export type KycService = ReturnType<typeof createKycService>

/** A seller's own side of being checked: who he is, and handing it in. Staff may do it for him, and are named. */
export function createKycService({ db, clock, audit, outbox, auth, sellers, store, papers }: Deps) {
  return {
    /** Makes the caller a seller who can prepare listings. */
    async apply(input: SellerApplication, actor: Actor): Promise<Seller> {
      const owner = requireUser(actor)
      return db.transaction(trx => sellers.add(trx, input, owner.id, actor))
    },

    /** At a desk: the firm of an account, and who stands for it. Repeated, it changes what is given anew. */
    async enter(ownerId: string, profile: ProfileEdit, actor: Actor): Promise<KycFile> {
      requireOfficer(actor)
      const id = await db.transaction(async trx => {
        const owner = await auth.findUser(ownerId, trx)
        if (isStaffRole(owner.role)) throw staffAccount()
        const known = await sellers.of(trx, owner.id)
        if (known) return known.id
        const { tradeName, legalName, crNumber, vatNumber = null, city } = profile
        if (!tradeName || !legalName || !crNumber || !city) throw newSellerNeeds()
        const application = { tradeName, legalName, crNumber, vatNumber, city }
        return (await sellers.add(trx, application, owner.id, actor)).id
      })
      return Object.keys(profile).length === 0 ? store.file(id) : this.edit({ seller: id }, profile, actor)
    },

    async file(whose: Whose, actor: Actor): Promise<KycFile> {
      return store.file((await sellerFor(sellers, whose, actor)).id)
    },

    missing: (file: KycFile): string[] => missingIn(file, dayInRiyadh(clock.now())),

    /** What buyers and invoices read changes with the next approval; before the first one, at once. */
    async edit(whose: Whose, input: ProfileEdit, actor: Actor): Promise<KycFile> {
      const { id } = await sellerFor(sellers, whose, actor)
      return db.transaction(async trx => {
        const file = await store.held(trx, id)
        assertEditable(file)
        await writeProfile(trx, file, input, actor)
        if (file.seller.approvedAt === null) await sellers.note(trx, id, publicFacts(input))
        const of = { type: 'seller', id }
        await audit.record(trx, actor, 'kyc_profile_edited', of, { fields: Object.keys(input) })
        return store.held(trx, id)
      })
    },

    /** Hands everything in. `consentVersion` is the privacy notice the seller agreed to. Safe to repeat. */
    async submit(whose: Whose, consentVersion: string, actor: Actor): Promise<KycFile> {
      const { id } = await sellerFor(sellers, whose, actor)
      return db.transaction(async trx => {
        const file = await store.held(trx, id)
        const { seller, current } = file
        if (current?.status === 'SUBMITTED' && current.kind !== 'RECHECK') return file
        assertEditable(file)
        refuseGaps(missingIn(file, dayInRiyadh(clock.now())))
        const caseId = newId()
        await KycCase.query(trx).insert({
          id: caseId,
          sellerId: id,
          kind: seller.approvedAt === null ? 'ONBOARDING' : 'RENEWAL',
          status: 'SUBMITTED',
          consentVersion,
          submittedBy: personOf(actor),
          submittedAt: clock.now(),
          reasons: [],
        })
        await papers.keepUntil(trx, file, replacedUntil(clock.now()))
        // a renewal takes nothing from an approval that still holds
        if (seller.status !== 'APPROVED') await sellers.move(trx, seller, 'SUBMITTED')
        await audit.record(trx, actor, 'kyc_submitted', { type: 'seller', id }, { caseId, consentVersion })
        await outbox.add(trx, 'kyc_checks_due', { sellerId: id })
        return store.held(trx, id)
      })
    },

    /** Takes it back while nobody reads it yet. */
    async withdraw(whose: Whose, actor: Actor): Promise<KycFile> {
      const { id } = await sellerFor(sellers, whose, actor)
      return db.transaction(async trx => {
        const { seller, current } = await store.held(trx, id)
        seller.assertNotSuspended()
        if (!current || !isOpen(current) || current.kind === 'RECHECK') throw nothingHandedIn()
        current.assertMayBecome('WITHDRAWN')
        await current.$query(trx).patch({ status: 'WITHDRAWN' })
        if (seller.status === 'SUBMITTED')
          await sellers.move(trx, seller, seller.approvedAt === null ? 'DRAFT' : 'EXPIRED')
        await audit.record(trx, actor, 'kyc_withdrawn', { type: 'seller', id }, { caseId: current.id })
        return store.held(trx, id)
      })
    },
  }

  async function writeProfile(trx: Trx, file: KycFile, input: ProfileEdit, actor: Actor): Promise<void> {
    const { seller, profile } = file
    const { nationalId, ...facts } = input
    const { sellerId: _, createdAt: __, ...kept } = profile
    const row = {
      ...kept,
      ...facts,
      ...(nationalId === undefined
        ? {}
        : { nationalId: store.seal(nationalId, seller.id), nationalIdHint: `••••••${nationalId.slice(-4)}` }),
      updatedBy: personOf(actor),
      updatedAt: clock.now(),
      hands: [...new Set([...profile.hands, personOf(actor)])],
    }
    await KycProfile.query(trx)
      .insert({ sellerId: seller.id, ...row })
      .onConflict('seller_id')
      .merge()
  }
}

/** Of what a seller says, that which stands beside his listings. */
function publicFacts({ tradeName, legalName, crNumber, vatNumber, city }: ProfileEdit) {
  const facts = Object.entries({ tradeName, legalName, crNumber, vatNumber, city })
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined))
}

function refuseGaps(missing: string[]): void {
  if (missing.length === 0) return
  throw new AppError('conflict', 'kyc.incomplete', `Still to be put right: ${missing.join(', ')}.`, {
    missing,
  })
}

const nothingHandedIn = () =>
  new AppError('conflict', 'kyc.nothing_submitted', 'Nothing has been handed in that could be taken back.')
const newSellerNeeds = () =>
  new AppError(
    'invalid',
    'kyc.new_seller_needs',
    'A new seller needs a trade name, a legal name, a CR number and a city.',
  )
const staffAccount = () =>
  new AppError('conflict', 'sellers.staff', 'An account of staff does not become a seller.')
