import { type Actor, isStaff, requireUser, system } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { notFound } from '../../platform/errors.js'
import type { BasisPoints } from '../../platform/money.js'
import type { Outbox } from '../../platform/outbox.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import type { AuditService } from '../audit/audit-service.js'
import type { ListingService } from '../listings/listing-service.js'
import type { NotificationService } from '../notifications/notification-service.js'
import type { NoticeKind } from '../notifications/notification-words.js'
import type { SellerService } from '../sellers/seller-service.js'
import { Checkout, type DeliveryAddress } from './checkout.js'
import { Order } from './order.js'
import { createOrderPayments } from './order-payments.js'
import { createPlacement, type PlacedCheckout } from './order-placement.js'
import { WHOLE_ORDER, type WholeRow } from './order-queries.js'
import { createOrderSearch } from './order-search.js'
import type { OrderStatus } from './order-states.js'

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  cursors: Cursors
  audit: AuditService
  outbox: Outbox
  listings: ListingService
  sellers: SellerService
  notifications: NotificationService
  vatRate: BasisPoints
}
export type OrderService = ReturnType<typeof createOrderService>
export type Shipment = { carrier: string; trackingNumber: string }

const EXPIRY_BATCH = 50

export function createOrderService(deps: Deps) {
  const { db, reads, clock, cursors, audit, outbox, listings, sellers, notifications } = deps

  return {
    place: createPlacement(deps),
    payments: createOrderPayments(deps),
    search: createOrderSearch(deps),

    /** By id or by number. Somebody else's order is as unknown as one that does not exist. */
    async get(idOrNumber: string, actor: Actor): Promise<Order> {
      const isNumber = /^CP-\d+$/i.test(idOrNumber)
      const [statement, key] = isNumber
        ? [WHOLE_ORDER.byNumber, idOrNumber.toUpperCase()]
        : [WHOLE_ORDER.byId, idOrNumber]
      const [row] = await reads<WholeRow>(statement, [key])
      if (!row || !maySee(row, actor)) throw notFound('order', idOrNumber)
      return Order.fromWhole(row)
    },

    async checkout(id: string, actor: Actor): Promise<PlacedCheckout> {
      const checkout = await Checkout.query(db).findById(id)
      const isBuyer = actor.kind === 'user' && checkout?.buyerId === actor.id
      if (!checkout || !(isBuyer || isStaff(actor))) throw notFound('checkout', id)
      const orders = await Order.query(db)
        .where({ checkout_id: id })
        .orderBy('id')
        .withGraphFetched(Order.details)
      return { checkout, orders }
    },

    /** What a checkout's orders are called and where they go, for a payment page. */
    async forPaymentPage(checkoutId: string) {
      const rows: { number: string; address: DeliveryAddress }[] = await db('orders')
        .join('checkouts', 'checkouts.id', 'orders.checkout_id')
        .where({ checkout_id: checkoutId })
        .orderBy('orders.id')
        .select('number', 'delivery_address as address')
      const { street = '', city = '', postalCode = '' } = rows[0]?.address ?? {}
      return { orderNumbers: rows.map(row => row.number), billing: { street, city, postalCode } }
    },

    /** What the caller bought, newest first; staff see everybody's. */
    async list(page: PageRequest & { status?: OrderStatus | undefined }, actor: Actor): Promise<Page<Order>> {
      const user = requireUser(actor)
      return isStaff(actor)
        ? listWhere({}, 'all', page)
        : listWhere({ buyer_id: user.id }, `buyer:${user.id}`, page)
    },

    /** What was bought from the caller. */
    async sales(
      page: PageRequest & { status?: OrderStatus | undefined },
      actor: Actor,
    ): Promise<Page<Order>> {
      const seller = await sellers.ownedBy(actor)
      return listWhere({ seller_id: seller.id }, `seller:${seller.id}`, page)
    },

    /** The seller takes the order on. */
    confirm: (id: string, actor: Actor) =>
      advance(id, actor, 'PROCESSING', 'order_confirmed', () => ({ confirmedAt: clock.now() })),
    ship: (id: string, shipment: Shipment, actor: Actor) =>
      advance(id, actor, 'SHIPPED', 'order_shipped', () => ({ ...shipment, shippedAt: clock.now() })),
    deliver: (id: string, actor: Actor) =>
      advance(id, actor, 'DELIVERED', 'order_delivered', () => ({ deliveredAt: clock.now() })),

    /** Before shipping, by the buyer or staff. What was paid goes back by an automatic refund. */
    async cancel(id: string, actor: Actor): Promise<Order> {
      return db.transaction(async trx => {
        const order = await locked(trx, id)
        const isBuyer = actor.kind === 'user' && order.buyerId === actor.id
        if (!isBuyer && !isStaff(actor)) throw notFound('order', id)
        if (order.status === 'CANCELLED') return order
        order.assertCancellable()
        await listings.putBack(trx, order.items ?? [])
        await order.$query(trx).patch({ status: 'CANCELLED', cancelledAt: clock.now() })
        await audit.record(trx, actor, 'order_cancelled', { type: 'order', id: order.id })
        if (order.paidAt) await outbox.add(trx, 'order_cancelled', { orderId: order.id })
        await tellBoth(trx, order, 'order_cancelled')
        return order
      })
    },

    /** Releases the stock of orders nobody paid in time. Any number may run at once. Returns how many expired. */
    async expireHolds(): Promise<number> {
      let expired = 0
      for (;;) {
        const batch = await db.transaction(async trx => {
          const due = await Order.query(trx)
            .where({ status: 'PENDING' })
            .where('hold_expires_at', '<=', clock.now())
            .orderBy('id')
            .limit(EXPIRY_BATCH)
            .forUpdate()
            .skipLocked()
          await Order.fetchGraph(due, 'items', { transaction: trx })
          // all lines of the batch in one locking order, whichever order they belong to
          await listings.putBack(
            trx,
            due.flatMap(order => order.items ?? []),
          )
          for (const order of due) {
            await order.$query(trx).patch({ status: 'EXPIRED' })
            await audit.record(trx, system('expire-holds'), 'order_expired', { type: 'order', id: order.id })
            await notifications.add(trx, order.buyerId, 'order_expired', {
              orderId: order.id,
              number: order.number,
            })
          }
          return due.length
        })
        expired += batch
        if (batch < EXPIRY_BATCH) return expired
      }
    },

    /** For an invoice: the order with its lines, as it stands in the caller's transaction. */
    async withItems(trx: Trx, id: string): Promise<Order> {
      return locked(trx, id)
    },
  }

  async function locked(trx: Trx, id: string): Promise<Order> {
    const order = await Order.query(trx).findById(id).forUpdate()
    if (!order) throw notFound('order', id)
    return order.$fetchGraph(Order.details, { transaction: trx })
  }

  function maySee({ buyer_id, sellerOwnerId }: WholeRow, actor: Actor): boolean {
    if (isStaff(actor)) return true
    if (actor.kind !== 'user') return false
    // a key is for what is sold: what its owner buys is no business of their systems
    return (buyer_id === actor.id && !actor.key) || sellerOwnerId === actor.id
  }

  async function isSellerOf(order: Order, userId: string, trx: Trx): Promise<boolean> {
    return (await sellers.get(order.sellerId, trx)).ownerId === userId
  }

  async function listWhere(
    who: Record<string, string>,
    name: string,
    { limit, cursor, status }: PageRequest & { status?: OrderStatus | undefined },
  ): Promise<Page<Order>> {
    const list = `orders:${name}:${status ?? ''}`
    const query = Order.query(db)
      .where(who)
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .withGraphFetched(Order.details)
    if (status) query.where({ status })
    if (cursor !== undefined) query.where('id', '<', cursors.decode(list, cursor))
    return cursors.page(list, await query, limit, order => order.id)
  }

  /** A step of the seller's. Asked for twice, the second answer is the first's. */
  async function advance(
    id: string,
    actor: Actor,
    to: OrderStatus,
    event: NoticeKind,
    change: () => Partial<Order>,
  ): Promise<Order> {
    const user = requireUser(actor)
    return db.transaction(async trx => {
      const order = await locked(trx, id)
      if (!(await isSellerOf(order, user.id, trx))) throw notFound('order', id)
      if (order.status === to) return order
      order.assertCanBecome(to)
      await order.$query(trx).patch({ status: to, ...change() })
      await audit.record(trx, actor, event, { type: 'order', id })
      await notifications.add(trx, order.buyerId, event, { orderId: id, number: order.number })
      return order
    })
  }

  async function tellBoth(trx: Trx, order: Order, kind: NoticeKind): Promise<void> {
    const { ownerId } = await sellers.get(order.sellerId, trx)
    for (const userId of [order.buyerId, ownerId])
      await notifications.add(trx, userId, kind, { orderId: order.id, number: order.number })
  }
}
