import { system } from '../../platform/actor.js'
import { type Clock, dayInRiyadh } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { KycCase } from './kyc-case.js'
import type { KycChecks } from './kyc-checks.js'
import { type DueReminder, remindersDue } from './kyc-queries.js'
import { isOpen, type KycStore, openStatus } from './kyc-store.js'

const AT_ONCE = 100
/** More than anybody reads at a terminal. */
const MOST_SHOWN = 1_000

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
    /** Whose approval ended yesterday or before; the longest over first. */
    due: (most = MOST_SHOWN): Promise<Seller[]> => sellers.approvedUntil(dayInRiyadh(clock.now()), most),

    /** Ends approvals: what is on sale is paused, nothing is lost. */
    async expire(): Promise<number> {
      let all = 0
      for (;;) {
        let ended = 0
        for (const { id } of await this.due(AT_ONCE)) if (await end(id)) ended += 1
        if (ended === 0) return all
        all += ended
      }
    },

    /** E-mails before an approval ends, each once; whoever was away for a month is told once, not three times. */
    async remind(): Promise<number> {
      let all = 0
      for (;;) {
        const due = await remindersDue(db, dayInRiyadh(clock.now()), AT_ONCE)
        for (const one of due) if (await remindOf(one)) all += 1
        if (due.length < AT_ONCE) return all
      }
    },

    /**
     * Asks the registers again about those who sell, and about those who want to where an answer is still awaited. What
     * they deny by now goes to an officer, not to a machine.
     */
    async recheck(): Promise<number> {
      const due = await sellers.dueForRecheck(clock.now(), AT_ONCE)
      for (const { id } of due) {
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
      return due.length
    },
  }

  async function end(id: string): Promise<boolean> {
    return db.transaction(async trx => {
      const file = await store.held(trx, id)
      const { seller } = file
      const today = dayInRiyadh(clock.now())
      if (seller.status !== 'APPROVED' || seller.verifiedUntil === null || seller.verifiedUntil >= today)
        return false
      // a renewal that is under way goes on from where it stands
      await sellers.move(trx, seller, openStatus(file) ?? 'EXPIRED')
      const { verifiedUntil } = seller
      await audit.record(trx, system('kyc'), 'seller_expired', { type: 'seller', id }, { verifiedUntil })
      await notifications.add(trx, seller.ownerId, 'kyc_expired', { verifiedUntil })
      await messages.add(trx, 'kyc_expired', seller.ownerId)
      return true
    })
  }

  async function remindOf({ sellerId, ownerId, verifiedUntil, days: due }: DueReminder): Promise<boolean> {
    const rows = due.map(days_before => ({
      ...{ seller_id: sellerId, verified_until: verifiedUntil, days_before },
      sent_at: clock.now(),
    }))
    return db.transaction(async trx => {
      const fresh = await trx('kyc_reminders').insert(rows).onConflict().ignore().returning('days_before')
      // another worker was quicker
      if (fresh.length < rows.length) return false
      const days = String(Math.min(...due))
      await notifications.add(trx, ownerId, 'kyc_expiring', { verifiedUntil, days })
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
