import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import { type Actor, isStaff } from '../../platform/actor.js'
import { money } from '../../platform/money.js'
import type { Order, OrderItem } from './order.js'
import type { PlacedCheckout } from './order-placement.js'
import type { OrderCard } from './order-queries.js'
import type { CheckoutView, OrderCardView, OrderView } from './order-schemas.js'
import type { OrderStatus } from './order-states.js'

/** The address is for the buyer, for staff, and for the seller from payment to the door. */
export function presentOrder(order: Order, viewer: Actor): z.infer<typeof OrderView> {
  return {
    id: order.id,
    number: order.number,
    checkoutId: order.checkoutId,
    sellerId: order.sellerId,
    status: order.status,
    items: (order.items ?? []).map(presentItem),
    net: money(order.netHalalas),
    vat: money(order.vatHalalas),
    rounding: money(order.roundingHalalas),
    total: money(order.totalHalalas),
    deliveryAddress: maySeeAddress(order, viewer) ? { ...order.checkout?.deliveryAddress } : null,
    holdExpiresAt: order.holdExpiresAt.toISOString(),
    carrier: order.carrier,
    trackingNumber: order.trackingNumber,
    createdAt: order.createdAt.toISOString(),
    paidAt: iso(order.paidAt),
    shippedAt: iso(order.shippedAt),
    deliveredAt: iso(order.deliveredAt),
  }
}

export function presentOrderCard(order: OrderCard): z.infer<typeof OrderCardView> {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    buyer: { id: order.buyerId, name: order.buyerName },
    seller: { id: order.sellerId, tradeName: order.tradeName },
    total: money(order.totalHalalas),
    createdAt: order.createdAt.toISOString(),
    paidAt: iso(order.paidAt),
  }
}

export function presentCheckout(
  { checkout, orders }: PlacedCheckout,
  viewer: Actor,
): z.infer<typeof CheckoutView> {
  return {
    id: checkout.id,
    total: money(checkout.totalHalalas),
    deliveryAddress: { ...checkout.deliveryAddress },
    orders: orders.map(order => presentOrder(order, viewer)),
    createdAt: checkout.createdAt.toISOString(),
  }
}

const SHIPPABLE: readonly OrderStatus[] = ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED']

function maySeeAddress(order: Order, viewer: Actor): boolean {
  const isBuyer = viewer.kind === 'user' && viewer.id === order.buyerId
  return isBuyer || isStaff(viewer) || SHIPPABLE.includes(order.status)
}

function presentItem(item: OrderItem): z.infer<typeof OrderView>['items'][number] {
  return {
    listingId: item.listingId,
    title: { ar: item.titleAr, en: item.titleEn },
    partNumber: item.partNumber,
    quantity: item.quantity,
    unitPrice: money(item.unitPriceHalalas),
    total: money(item.totalHalalas),
    vatBasisPoints: item.vatBasisPoints,
  }
}
