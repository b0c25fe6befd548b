import { type Actor, requireUser } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, DbOrTrx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import type { NationalAddress } from '../../platform/national-address.js'
import type { AuditService } from '../audit/audit-service.js'
import { Company, type IdScheme } from './company.js'

export type CompanyProfile = {
  name: string
  vatNumber: string | null
  otherId: { scheme: IdScheme; value: string } | null
  address: NationalAddress
}
type Deps = { db: Db; clock: Clock; audit: AuditService }
export type CompanyService = ReturnType<typeof createCompanyService>

/** Buyers' firms. What a buyer buys while they keep a profile gets a tax invoice in its name. */
export function createCompanyService({ db, clock, audit }: Deps) {
  return {
    async own(actor: Actor): Promise<Company> {
      const company = await Company.query(db).findOne({ user_id: requireUser(actor).id })
      if (!company) throw noCompany()
      return company
    },

    /** Keeps the profile, in place of the one before. Documents that were issued say what they said. */
    async keep({ otherId, ...profile }: CompanyProfile, actor: Actor): Promise<Company> {
      const { id: userId } = requireUser(actor)
      const now = clock.now()
      const row = {
        ...profile,
        userId,
        idScheme: otherId?.scheme ?? null,
        idValue: otherId?.value ?? null,
        createdAt: now,
        updatedAt: now,
      }
      return db.transaction(async trx => {
        await Company.query(trx)
          .insert(row)
          .onConflict('user_id')
          .merge(['name', 'vat_number', 'id_scheme', 'id_value', 'address', 'updated_at'] as never)
        await audit.record(trx, actor, 'company_kept', { type: 'user', id: userId })
        return Company.query(trx).findOne({ user_id: userId }).throwIfNotFound()
      })
    },

    /** From now on simplified documents. Safe to repeat. */
    async remove(actor: Actor): Promise<void> {
      const { id: userId } = requireUser(actor)
      await db.transaction(async trx => {
        const removed = await Company.query(trx).delete().where({ user_id: userId })
        if (removed > 0) await audit.record(trx, actor, 'company_removed', { type: 'user', id: userId })
      })
    },

    async ofBuyer(userId: string, on: DbOrTrx = db): Promise<Company | undefined> {
      return Company.query(on).findOne({ user_id: userId })
    },
  }
}

const noCompany = () => new AppError('not_found', 'companies.not_found', 'You keep no company profile.')
