import { type Actor, requireUser } from '../../platform/actor.js'
import { loadByIds } from '../../platform/batch.js'
import type { Db, DbOrTrx, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { NationalAddress } from '../../platform/national-address.js'
import type { AuditService } from '../audit/audit-service.js'
import type { AuthService } from '../auth/auth-service.js'
import { Seller } from './seller.js'

export type SellerApplication = Pick<Seller, 'tradeName' | 'legalName' | 'crNumber' | 'vatNumber' | 'city'>
type Deps = { db: Db; audit: AuditService; auth: AuthService }
export type SellerService = ReturnType<typeof createSellerService>

export function createSellerService({ db, audit, auth }: Deps) {
  return {
    /** Makes the caller a seller who can prepare listings; an officer's approval lets them publish. */
    async apply(input: SellerApplication, actor: Actor): Promise<Seller> {
      const owner = requireUser(actor)
      try {
        return await db.transaction(async trx => {
          const seller = await Seller.query(trx).insertAndFetch({ ...input, ownerId: owner.id })
          await auth.makeSeller(trx, owner.id)
          await audit.record(trx, actor, 'seller_applied', { type: 'seller', id: seller.id })
          return seller
        })
      } catch (error) {
        if (isUniqueViolation(error, 'sellers_owner_id_key')) {
          throw new AppError(
            'conflict',
            'sellers.exists',
            'You have a seller account already.',
            {},
            { cause: error },
          )
        }
        if (isUniqueViolation(error)) {
          throw new AppError(
            'conflict',
            'sellers.identifier_taken',
            'Another seller has this CR or VAT number.',
            {},
            { cause: error },
          )
        }
        throw error
      }
    },

    async approve(id: string, actor: Actor): Promise<Seller> {
      return db.transaction(async trx => {
        const seller = await Seller.query(trx).findById(id).forUpdate()
        if (!seller) throw notFound('seller', id)
        if (seller.status === 'APPROVED') return seller
        seller.assertNotSuspended()
        await audit.record(trx, actor, 'seller_approved', { type: 'seller', id })
        return seller.$query(trx).patchAndFetch({ status: 'APPROVED' })
      })
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
      const by = /^\d{10}$/.test(idOrCrNumber) ? { cr_number: idOrCrNumber } : { id: idOrCrNumber }
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
