import { type Actor, requireUser, system } from '../../platform/actor.js'
import { after, type Clock, minutes } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { Outbox } from '../../platform/outbox.js'
import type { AuditService } from '../audit/audit-service.js'
import type { ListingService } from '../listings/listing-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { SellerService } from '../sellers/seller-service.js'
import { Order } from './order.js'

/** An order's stock is held no longer than this, however often its buyer opens a page and leaves it. */
const LONGEST_HOLD_MS = minutes(60)
/** A payment page must live at least this long (Tap takes 5 to 60 minutes), and the hold with it. */
const SHORTEST_PAGE_MS = minutes(5)
/** How long stock waits for an amount that is reserved to be taken: the provider may be away for a moment. */
const TAKING_MS = minutes(15)

type Deps = {
  clock: Clock
  audit: AuditService
  outbox: Outbox
  listings: ListingService
  sellers: SellerService
  notifications: NotificationService
}

/** What payments need of orders: what is due, and what happens when money comes. Always inside the caller's transaction. */
export function createOrderPayments({ clock, audit, outbox, listings, sellers, notifications }: Deps) {
  const self = system('payments')

  return {
    /** The unpaid orders of a caller's checkout, locked, with their hold long enough to pay in. */
    async due(trx: Trx, checkoutId: string, actor: Actor): Promise<{ orders: Order[]; payBy: Date }> {
      const buyer = requireUser(actor)
      const orders = await lock(trx, checkoutId)
      if (!orders.some(order => order.buyerId === buyer.id)) throw notFound('checkout', checkoutId)
      const now = clock.now()
      const open = orders.filter(order => order.status === 'PENDING' && order.holdExpiresAt > now)
      if (open.length === 0) {
        throw new AppError(
          'conflict',
          'payments.nothing_due',
          'Nothing is due on this checkout: it is paid, cancelled or expired.',
        )
      }
      const held = latest(open.map(order => order.holdExpiresAt))
      const pageEnds = latest([held, after(now, SHORTEST_PAGE_MS)])
      const longest = after(earliest(open.map(order => order.createdAt)), LONGEST_HOLD_MS)
      const until = latest([held, earliest([pageEnds, longest])])
      // as a rule the page ends before the hold does
      const shorter = open.filter(order => order.holdExpiresAt < until)
      if (shorter.length > 0)
        await Order.query(trx)
          .findByIds(shorter.map(order => order.id))
          .patch({ holdExpiresAt: until })
      return { orders: open, payBy: pageEnds }
    },

    /** Keeps orders from expiring while money that is reserved for them is taken. False: none waits for money any more. */
    async holdOn(trx: Trx, orders: readonly Order[]): Promise<boolean> {
      const waiting = orders.filter(order => order.status === 'PENDING')
      for (const order of waiting) {
        const holdExpiresAt = latest([order.holdExpiresAt, after(clock.now(), TAKING_MS)])
        await order.$query(trx).patch({ holdExpiresAt })
      }
      return waiting.length > 0
    },

    /**
     * The orders that captured money was for. Each becomes PAID; one that expired or was cancelled before it
     * was paid takes its stock again. Returns those that cannot: their money goes back. They come locked.
     */
    async acceptMoney(trx: Trx, orders: readonly Order[]): Promise<{ refused: string[] }> {
      const late = orders.filter(isLate)
      await Order.fetchGraph(late, 'items', { transaction: trx })
      // all their parts in one locking order, as a cart's are, whichever order they belong to
      await listings.lock(
        trx,
        late.flatMap(order => order.items ?? []),
      )
      const refused: string[] = []
      for (const order of orders) {
        if (order.status === 'PENDING' || (isLate(order) && (await takesAgain(trx, order))))
          await markPaid(trx, order)
        else refused.push(order.id)
      }
      return { refused }
    },

    /** Its money is back with the buyer. An order that was never paid for good keeps its state. */
    async noteRefund(trx: Trx, orderId: string): Promise<void> {
      const order = await Order.query(trx).findById(orderId).forUpdate()
      if (order?.status !== 'CANCELLED' || order.paidAt === null) return
      await order.$query(trx).patch({ status: 'REFUNDED' })
      await audit.record(trx, self, 'order_refunded', { type: 'order', id: orderId })
      await notifications.add(trx, order.buyerId, 'order_refunded', { orderId, number: order.number })
    },

    lock,
  }

  /** Orders first, then the payment: everybody locks in this order. */
  async function lock(trx: Trx, checkoutId: string): Promise<Order[]> {
    return Order.query(trx).where({ checkout_id: checkoutId }).orderBy('id').forUpdate()
  }

  async function takesAgain(trx: Trx, order: Order): Promise<boolean> {
    try {
      // a savepoint: a line that is short must not leave the others taken
      await trx.transaction(point => listings.takeAgain(point, order.items ?? []))
      await audit.record(
        trx,
        self,
        'order_stock_taken_again',
        { type: 'order', id: order.id },
        { was: order.status },
      )
      return true
    } catch (error) {
      if (error instanceof AppError && error.code === 'listings.insufficient_stock') return false
      throw error
    }
  }

  async function markPaid(trx: Trx, order: Order): Promise<void> {
    order.assertCanBecome('PAID')
    await order.$query(trx).patch({ status: 'PAID', paidAt: clock.now(), cancelledAt: null })
    await audit.record(trx, self, 'order_paid', { type: 'order', id: order.id })
    await outbox.add(trx, 'order_paid', { orderId: order.id })
    const { ownerId } = await sellers.get(order.sellerId, trx)
    const data = { orderId: order.id, number: order.number }
    await notifications.addAll(trx, [
      { userId: order.buyerId, kind: 'order_paid', data },
      { userId: ownerId, kind: 'order_to_confirm', data },
    ])
  }
}

const latest = (times: Date[]): Date => new Date(Math.max(...times.map(at => at.getTime())))
const earliest = (times: Date[]): Date => new Date(Math.min(...times.map(at => at.getTime())))

/** Its stock went back before it was ever paid. */
function isLate(order: Order): boolean {
  return order.paidAt === null && (order.status === 'EXPIRED' || order.status === 'CANCELLED')
}
