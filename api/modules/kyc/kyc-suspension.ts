import { type Actor, personOf } from '../../platform/actor.js'
import { type Clock, dayInRiyadh } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import type { SellerStatus } from '../sellers/seller-states.js'
import { ownChange, requireOfficer } from './kyc-access.js'
import type { KycFile } from './kyc-file.js'
import { type KycStore, openStatus } from './kyc-store.js'

type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  messages: MessageService
  notifications: NotificationService
  sellers: SellerService
  store: KycStore
}
export type KycSuspension = ReturnType<typeof createKycSuspension>

/**
 * Off the market by somebody's word, and back. It works at once: listings are paused, orders refused, and nothing of the
 * seller's file moves meanwhile; orders that were placed before are still to be served. Repeated, it changes nothing.
 */
export function createKycSuspension(deps: Deps) {
  const { db, clock, audit, messages, notifications, sellers, store } = deps
  return {
    async suspend(seller: string, reason: string, actor: Actor): Promise<KycFile> {
      return change(seller, actor, async (trx, file) => {
        if (file.seller.status === 'SUSPENDED') return
        const from = file.seller.status
        await sellers.suspend(trx, file.seller)
        await tell(trx, file, 'seller_suspended', { reason, from }, actor)
      })
    },

    /** He is what he was; an approval whose last day passed meanwhile has ended. */
    async reinstate(seller: string, reason: string, actor: Actor): Promise<KycFile> {
      return change(seller, actor, async (trx, file) => {
        if (file.seller.status !== 'SUSPENDED') return
        const to = standingBefore(file)
        await sellers.reinstate(trx, file.seller, to)
        await tell(trx, file, 'seller_reinstated', { reason, to }, actor)
      })
    },
  }

  async function change(
    wanted: string,
    actor: Actor,
    act: (trx: Trx, file: KycFile) => Promise<void>,
  ): Promise<KycFile> {
    requireOfficer(actor)
    const { id } = await sellers.named(wanted)
    return db.transaction(async trx => {
      const file = await store.held(trx, id)
      if (personOf(actor) === `user:${file.seller.ownerId}`) throw ownChange()
      await act(trx, file)
      return store.held(trx, id)
    })
  }

  function standingBefore(file: KycFile): SellerStatus {
    const { suspendedFrom, approvedAt, verifiedUntil } = file.seller
    const before = suspendedFrom ?? (approvedAt === null ? 'DRAFT' : 'APPROVED')
    if (before !== 'APPROVED' || verifiedUntil === null || verifiedUntil >= dayInRiyadh(clock.now()))
      return before
    // as where an approval ends by its time: a renewal that is under way goes on from where it stands
    return openStatus(file) ?? 'EXPIRED'
  }

  async function tell(
    trx: Trx,
    { seller }: KycFile,
    what: 'seller_suspended' | 'seller_reinstated',
    details: Record<string, string>,
    actor: Actor,
  ): Promise<void> {
    await audit.record(trx, actor, what, { type: 'seller', id: seller.id }, details)
    await notifications.add(trx, seller.ownerId, what, { at: clock.now().toISOString() })
    await messages.add(trx, what, seller.ownerId)
  }
}
