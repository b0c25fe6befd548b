import { system } from '../../platform/actor.js'
import { after, type Clock, dayInRiyadh, days } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import { daysAfter } from '../../platform/saudi/hijri.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { KycCase } from './kyc-case.js'
import type { KycChecks } from './kyc-checks.js'
import { isOpen, type KycStore } from './kyc-store.js'

/** A seller is reminded this many days before his approval ends. */
const REMINDERS = [60, 30, 7, 1] as const
const RECHECK_MS = days(30)
const AT_ONCE = 100
/** Registers are asked one seller after another, and count their answers. */
const RECHECKS_AT_ONCE = 20

type Deps = {
  db: Db
  clock: Clock
  logger: Logger
  audit: AuditService
  messages: MessageService
  notifications: NotificationService
  sellers: SellerService
  store: KycStore
  checks: KycChecks
}
export type KycCalendar = ReturnType<typeof createKycCalendar>

/** What happens because time passes. Each is a recurring job, and may run twice without harm. */
export function createKycCalendar(deps: Deps) {
  const { db, clock, logger, audit, messages, notifications, sellers, store, checks } = deps
  return {
    /** Whose approval ended yesterday or before. */
    due: (): Promise<Seller[]> => sellers.approvedUntil(dayInRiyadh(clock.now()), AT_ONCE),

    /** Ends approvals: what is on sale is paused, nothing is lost. */
    async expire(): Promise<number> {
      const due = await this.due()
      let ended = 0
      for (const { id } of due) if (await end(id)) ended += 1
      return ended
    },

    /** E-mails before an approval ends, each once: 60, 30, 7 days and a day before. */
    async remind(): Promise<number> {
      const today = dayInRiyadh(clock.now())
      const furthest = Math.max(...REMINDERS)
      const near = await sellers.approvedUntil(daysAfter(today, furthest + 1), 1_000)
      let sent = 0
      for (const seller of near) if (await remindOf(seller, today)) sent += 1
      return sent
    },

    /** Asks the registers again about those who sell. What they deny by now goes to an officer, not to a machine. */
    async recheck(): Promise<number> {
      const stale = await sellers.notLookedAtSince(after(clock.now(), -RECHECK_MS), RECHECKS_AT_ONCE)
      for (const { id } of stale) {
        const file = await checks.run(id, system('kyc-recheck'))
        const denied = checks
          .standings(file)
          .filter(({ kind, verdict }) => verdict === 'REJECTED' && kind !== 'DOCUMENTS')
        if (denied.length > 0)
          await raise(
            id,
            denied.map(({ kind }) => kind),
          )
      }
      return stale.length
    },
  }

  async function end(id: string): Promise<boolean> {
    return db.transaction(async trx => {
      const { seller, current } = await store.held(trx, id)
      const today = dayInRiyadh(clock.now())
      if (seller.status !== 'APPROVED' || seller.verifiedUntil === null || seller.verifiedUntil >= today)
        return false
      // a renewal that is under way goes on from where it stands
      const open = current && isOpen(current) ? current.status : undefined
      await sellers.move(trx, seller, open === 'SUBMITTED' || open === 'IN_REVIEW' ? open : 'EXPIRED')
      const { verifiedUntil } = seller
      await audit.record(trx, system('kyc'), 'seller_expired', { type: 'seller', id }, { verifiedUntil })
      await notifications.add(trx, seller.ownerId, 'kyc_expired', { verifiedUntil })
      await messages.add(trx, 'kyc_expired', seller.ownerId)
      return true
    })
  }

  async function remindOf({ id, ownerId, verifiedUntil }: Seller, today: string): Promise<boolean> {
    if (verifiedUntil === null || verifiedUntil < today) return false
    // the nearest that is due: whoever was away for a month is told once, not three times
    const due = REMINDERS.filter(before => daysAfter(verifiedUntil, -before) <= today)
    const nearest = Math.min(...due)
    return db.transaction(async trx => {
      const rows = due.map(days_before => ({
        ...{ seller_id: id, verified_until: verifiedUntil, days_before },
        sent_at: clock.now(),
      }))
      const fresh = await trx('kyc_reminders').insert(rows).onConflict().ignore().returning('days_before')
      if (!fresh.some(({ days_before }) => days_before === nearest)) return false
      await notifications.add(trx, ownerId, 'kyc_expiring', { verifiedUntil, days: String(nearest) })
      await messages.add(trx, 'kyc_expiring', ownerId)
      return true
    })
  }

  async function raise(id: string, denied: string[]): Promise<void> {
    await db.transaction(async trx => {
      const { seller, current } = await store.held(trx, id)
      if (seller.status !== 'APPROVED' || (current && isOpen(current))) return
      const caseId = newId()
      await KycCase.query(trx).insert({
        ...{ id: caseId, sellerId: id, kind: 'RECHECK', status: 'SUBMITTED', reasons: [] },
        ...{ consentVersion: null, submittedBy: 'system:kyc-recheck', submittedAt: clock.now() },
      })
      await audit.record(trx, system('kyc-recheck'), 'kyc_raised', { type: 'seller', id }, { caseId, denied })
    })
    logger.warn('kyc_raised', { sellerId: id, denied })
  }
}
