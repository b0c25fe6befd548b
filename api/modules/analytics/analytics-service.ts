import type { Redis } from 'ioredis'
import type { Actor } from '../../platform/actor.js'
import { after, type Clock, days, minutes } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { type DaysAsked, daysAsked } from '../../platform/days.js'
import type { Reads } from '../../platform/reads.js'
import type { Run } from '../../platform/recurring.js'
import type { SellerService } from '../sellers/seller-service.js'
import { type Figures, type Period, ROLL_UP, seriesStatement } from './analytics-queries.js'
import { createViewBatches } from './view-batches.js'
import { createViewCounter } from './view-counter.js'

/** Longer than a transaction may take to commit what it dated at its beginning, and than clocks may differ. */
const OVERLAP_MS = minutes(15)
/** How far back everything is counted anew now and then, whatever was believed of it. */
const RECOUNT_MS = days(40)
const MARK = 'sales'

export type Series = Required<DaysAsked> & { by: Period; items: Figures[] }
type Fence = Pick<Run, 'fence'>
type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  redis: () => Redis
  prefix: string
  sellers: SellerService
}
export type AnalyticsService = ReturnType<typeof createAnalyticsService>

/**
 * What a seller's shop does, by day in Riyadh. Sales are counted anew from the orders and refunds themselves, so no
 * figure can drift from them; views are counted as they come, and may miss those of a crash's last seconds.
 */
export function createAnalyticsService({ db, reads, clock, redis, prefix, sellers }: Deps) {
  return {
    views: createViewCounter({ redis, clock, prefix }),
    addViews: createViewBatches({ db, redis, clock, prefix }),

    /** Brings the sales of every seller up to now. Returns how many sellers' days changed. */
    rollUp: (run: Fence): Promise<number> => rollUp(run),
    /** The same for everything of the last weeks. */
    recount: (run: Fence): Promise<number> => rollUp(run, after(clock.now(), -RECOUNT_MS)),

    /** The caller's shop. */
    async mine({ by, ...asked }: DaysAsked & { by: Period }, actor: Actor): Promise<Series> {
      const { from, to } = daysAsked(asked, clock.now())
      const seller = await sellers.ownedBy(actor)
      return { by, from, to, items: await reads<Figures>(seriesStatement(by), [seller.id, from, to]) }
    },
  }

  function rollUp({ fence }: Fence, from?: Date): Promise<number> {
    return db.transaction(async trx => {
      // an older count must not replace a newer one
      await fence(trx)
      const now = clock.now()
      const mark = await trx('analytics_marks').where({ name: MARK }).forUpdate().first('at')
      const since = from ?? (mark ? after(mark.at, -OVERLAP_MS) : new Date(0))
      const { rowCount } = await trx.raw<{ rowCount: number }>(ROLL_UP, { since, now })
      await trx('analytics_marks').insert({ name: MARK, at: now }).onConflict('name').merge()
      return rowCount
    })
  }
}
