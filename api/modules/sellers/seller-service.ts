import type { QueryBuilder } from 'objection'
import { type Actor, isStaff, requireUser } from '../../platform/actor.js'
import { loadByIds } from '../../platform/batch.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { NationalAddress } from '../../platform/national-address.js'
import { readCommercialRegistration } from '../../platform/saudi/commercial-registration.js'
import type { Day } from '../../platform/saudi/hijri.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import { Seller } from './seller.js'
import type { SellerStatus } from './seller-states.js'

export type SellerApplication = Pick<Seller, 'tradeName' | 'legalName' | 'crNumber' | 'vatNumber' | 'city'>
type Deps = { db: Db; audit: AuditService; auth: AuthService }
export type SellerService = ReturnType<typeof createSellerService>

export function createSellerService({ db, audit, auth }: Deps) {
  return {
    /** Makes somebody a seller who can prepare listings. An approval lets them publish: see the kyc module. */
    async add(trx: Trx, input: SellerApplication, ownerId: string, actor: Actor): Promise<Seller> {
      const seller = await unlessTaken(() => Seller.query(trx).insertAndFetch({ ...input, ownerId }))
      await auth.makeSeller(trx, ownerId)
      await audit.record(trx, actor, 'seller_applied', { type: 'seller', id: seller.id })
      return seller
    },

    /** The row is the caller's, locked. */
    async move(
      trx: Trx,
      seller: Seller,
      to: SellerStatus,
      facts: Partial<SellerFacts> = {},
    ): Promise<Seller> {
      if (seller.status !== to) seller.assertMayBecome(to)
      return unlessTaken(() => seller.$query(trx).patchAndFetch({ ...facts, status: to }))
    },

    /** Off the market, or back where he was: `SUSPENDED` is a state that no other way leads out of. The row is the caller's. */
    async suspend(trx: Trx, seller: Seller): Promise<void> {
      seller.assertMayBecome('SUSPENDED')
      await seller.$query(trx).patch({ status: 'SUSPENDED', suspendedFrom: seller.status })
    },
    async reinstate(trx: Trx, seller: Seller, to: SellerStatus): Promise<void> {
      await seller.$query(trx).patch({ status: to, suspendedFrom: null })
    },

    /** What is known of a seller nobody has approved yet, or when it was last looked at; his state stays. */
    async note(trx: Trx, id: string, facts: Partial<SellerFacts>): Promise<void> {
      if (Object.keys(facts).length > 0) await unlessTaken(() => Seller.query(trx).findById(id).patch(facts))
    },

    /** Whose approval ends before a day. */
    async approvedUntil(day: Day, limit: number): Promise<Seller[]> {
      return Seller.query(db)
        .where({ status: 'APPROVED' })
        .where('verified_until', '<', day)
        .orderBy('verified_until')
        .limit(limit)
    },
    /** Who sells or wants to, and the registers are to be asked about. */
    async dueForRecheck(now: Date, limit: number): Promise<Seller[]> {
      return Seller.query(db)
        .whereIn('status', ['SUBMITTED', 'IN_REVIEW', 'APPROVED'])
        .where(due => due.whereRaw(`${DUE} <= ?`, [now]).orWhere(neverAsked))
        .orderByRaw('recheck_due_at nulls first')
        .limit(limit)
    },

    async list({ status, limit, after }: SellerList): Promise<Seller[]> {
      return Seller.query(db)
        .modify(query => {
          if (status) query.where({ status })
          if (after) query.where('id', '<', after)
        })
        .orderBy('id', 'desc')
        .limit(limit)
    },

    /** As strangers may see him: one whom nobody has approved yet is not there. */
    async shown(id: string, actor: Actor): Promise<Seller> {
      const seller = await this.get(id)
      const isOwner = actor.kind === 'user' && actor.id === seller.ownerId
      if (seller.approvedAt === null && !isOwner && !isStaff(actor)) throw notFound('seller', id)
      return seller
    },

    /** Where tax documents of the caller's shop say it is. Those that were issued say what they said. */
    async keepAddress(address: NationalAddress, actor: Actor): Promise<NationalAddress> {
      const owner = requireUser(actor)
      return db.transaction(async trx => {
        const seller = await Seller.query(trx).findOne({ owner_id: owner.id }).forUpdate()
        if (!seller) throw new AppError('not_found', 'sellers.not_found', 'You have no seller account.')
        await seller.$query(trx).patch({ address })
        await audit.record(trx, actor, 'seller_address_kept', { type: 'seller', id: seller.id })
        return address
      })
    },

    async get(id: string, on: DbOrTrx = db): Promise<Seller> {
      const seller = await Seller.query(on).findById(id)
      if (!seller) throw notFound('seller', id)
      return seller
    },

    /** For operators: by id, or by the number of the commercial register. */
    async named(idOrCrNumber: string): Promise<Seller> {
      const { value } = readCommercialRegistration(idOrCrNumber)
      const by = value ? { cr_number: value.number } : { id: idOrCrNumber }
      const seller = await Seller.query(db).findOne(by)
      if (!seller) throw notFound('seller', idOrCrNumber)
      return seller
    },

    /** Stays as it is until the transaction ends, and one such transaction at a time: what refers to it may come. */
    async held(trx: Trx, id: string): Promise<Seller> {
      const seller = await Seller.query(trx).findById(id).forNoKeyUpdate()
      if (!seller) throw notFound('seller', id)
      return seller
    },

    /** The seller somebody trades as, if he does. */
    async of(trx: Trx, ownerId: string): Promise<Seller | undefined> {
      return Seller.query(trx).findOne({ owner_id: ownerId })
    },

    /** The seller the caller trades as. */
    async ownedBy(actor: Actor): Promise<Seller> {
      const owner = requireUser(actor)
      const seller = await Seller.query(db).findOne({ owner_id: owner.id })
      if (!seller) throw new AppError('not_found', 'sellers.not_found', 'You have no seller account.')
      return seller
    },

    byIds(ids: Iterable<string>, on: DbOrTrx = db): Promise<Map<string, Seller>> {
      return loadByIds(ids, wanted => Seller.query(on).findByIds(wanted))
    },
  }
}

/** What buyers and invoices read of a seller. */
export type SellerFacts = SellerApplication &
  Pick<Seller, 'approvedAt' | 'verifiedUntil' | 'recheckedAt' | 'recheckDueAt' | 'address'>
type SellerList = { status?: SellerStatus | undefined; limit: number; after?: string | undefined }

const DUE = `coalesce(recheck_due_at, coalesce(rechecked_at, approved_at) + interval '30 days')`

/** Handed in, and not looked at. Who became a seller without a review, as in a demo, is left alone. */
const neverAsked = (query: QueryBuilder<Seller>): void =>
  void query.whereNot({ status: 'APPROVED' }).whereNull('recheck_due_at').whereNull('rechecked_at')

async function unlessTaken<T>(write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const refuse = (code: string, message: string) =>
      new AppError('conflict', code, message, {}, { cause: error })
    if (isUniqueViolation(error, 'sellers_owner_id_key'))
      throw refuse('sellers.exists', 'You have a seller account already.')
    if (isUniqueViolation(error))
      throw refuse('sellers.identifier_taken', 'Another seller has this CR or VAT number.')
    throw error
  }
}
