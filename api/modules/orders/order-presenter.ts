import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import { money } from '../../platform/money.js'
import type { Order, OrderItem } from './order.js'
import type { PlacedCheckout } from './order-placement.js'
import type { CheckoutView, OrderView } from './order-schemas.js'

export function presentOrder(order: Order): z.infer<typeof OrderView> {
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
    deliveryAddress: { ...order.checkout?.deliveryAddress },
    holdExpiresAt: order.holdExpiresAt.toISOString(),
    carrier: order.carrier,
    trackingNumber: order.trackingNumber,
    createdAt: order.createdAt.toISOString(),
    paidAt: iso(order.paidAt),
    shippedAt: iso(order.shippedAt),
    deliveredAt: iso(order.deliveredAt),
  }
}

export function presentCheckout({ checkout, orders }: PlacedCheckout): z.infer<typeof CheckoutView> {
  return {
    id: checkout.id,
    total: money(checkout.totalHalalas),
    deliveryAddress: { ...checkout.deliveryAddress },
    orders: orders.map(presentOrder),
    createdAt: checkout.createdAt.toISOString(),
  }
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
