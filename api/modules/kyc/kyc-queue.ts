import type { Actor } from '../../platform/actor.js'
import type { Db } from '../../platform/database.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import { requireOfficer } from './kyc-access.js'
import { KycCase } from './kyc-case.js'
import { OPEN_CASES } from './kyc-words.js'

/** Reads kyc_cases, and of sellers the names. */
export type QueuedCase = KycCase & { tradeName: string; crNumber: string }
export type KycQueue = ReturnType<typeof createKycQueue>

/** What waits for officers, oldest first. */
export function createKycQueue({ db, cursors }: { db: Db; cursors: Cursors }) {
  return {
    async page(
      { limit, cursor, status }: PageRequest & { status?: (typeof OPEN_CASES)[number] | undefined },
      actor: Actor,
    ): Promise<Page<QueuedCase>> {
      requireOfficer(actor)
      const list = `kyc:cases:${status ?? 'open'}`
      const after = cursor === undefined ? undefined : cursors.decode(list, cursor)
      const rows = await KycCase.query(db)
        .alias('c')
        .join('sellers as s', 's.id', 'c.seller_id')
        .select('c.*', 's.trade_name', 's.cr_number')
        .whereIn('c.status', status ? [status] : [...OPEN_CASES])
        .modify(query => {
          // ids are made as time goes on: their order is the queue's
          if (after) query.where('c.id', '>', after)
        })
        .orderBy('c.id')
        .limit(limit + 1)
      return cursors.page(list, rows as QueuedCase[], limit, ({ id }) => id)
    },
  }
}
