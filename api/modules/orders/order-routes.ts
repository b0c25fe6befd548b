import { ById } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { type Actor, isStaff } from '../../platform/actor.js'
import type { Page } from '../../platform/page.js'
import type { Order } from './order.js'
import { presentCheckout, presentOrder, presentOrderCard } from './order-presenter.js'
import {
  ByIdOrNumber,
  CheckoutView,
  FoundOrders,
  ListOrders,
  OrderPage,
  OrderView,
  PlaceOrder,
  SearchOrders,
  Ship,
} from './order-schemas.js'
import type { OrderService } from './order-service.js'

const tag = 'Orders'
const wrongState = { 'orders.wrong_state': 'conflict' } as const

export function orderOperations(orders: OrderService): Operation[] {
  return [
    operation({
      id: 'placeOrder',
      method: 'post',
      path: '/orders',
      tag,
      access: ['buyer', 'seller'],
      status: 201,
      idempotent: true,
      summary: 'Place a cart of any sellers: one checkout, one order a seller, stock held for 30 minutes',
      body: PlaceOrder,
      response: CheckoutView,
      errors: {
        'listings.insufficient_stock': 'conflict',
        'orders.own_listing': 'conflict',
        'sellers.suspended': 'conflict',
      },
      handle: async ({ body, actor, idempotencyId }) =>
        presentCheckout(await orders.place(body, actor, idempotencyId), actor),
    }),
    operation({
      id: 'listOrders',
      method: 'get',
      path: '/orders',
      tag,
      access: SIGNED_IN,
      summary: 'What the caller bought, newest first; staff see all orders',
      query: ListOrders,
      response: OrderPage,
      handle: async ({ query, actor }) => presentPage(await orders.list(query, actor), actor),
    }),
    operation({
      id: 'listSales',
      method: 'get',
      path: '/orders/sales',
      tag,
      access: ['seller'],
      scope: 'orders:read',
      summary: 'What was bought from the caller',
      query: ListOrders,
      response: OrderPage,
      handle: async ({ query, actor }) => presentPage(await orders.sales(query, actor), actor),
    }),
    operation({
      id: 'searchOrders',
      method: 'get',
      path: '/orders/search',
      tag: 'Back office',
      access: ['officer', 'finance', 'admin'],
      summary: "Find orders, the newest first: everybody's, without lines and addresses",
      query: SearchOrders,
      response: FoundOrders,
      handle: async ({ query, actor }) => {
        const { items, nextCursor } = await orders.search(query, actor)
        return { items: items.map(presentOrderCard), nextCursor }
      },
    }),
    operation({
      id: 'getCheckout',
      method: 'get',
      path: '/checkouts/:id',
      tag,
      access: SIGNED_IN,
      summary: 'A checkout with its orders',
      params: ById,
      response: CheckoutView,
      handle: async ({ params, actor }) => presentCheckout(await orders.checkout(params.id, actor), actor),
    }),
    operation({
      id: 'getOrder',
      method: 'get',
      path: '/orders/:id',
      tag,
      access: SIGNED_IN,
      scope: 'orders:read',
      summary: 'An order, by id or number',
      params: ByIdOrNumber,
      response: OrderView,
      handle: async ({ params, actor }) => presentOrder(await orders.get(params.id, actor), actor),
    }),
    operation({
      id: 'cancelOrder',
      method: 'post',
      path: '/orders/:id/cancel',
      tag,
      access: ['buyer', 'seller', 'officer', 'admin'],
      status: 200,
      idempotent: true,
      summary: 'Cancel before shipping; what was paid is refunded',
      params: ById,
      response: OrderView,
      errors: { 'orders.not_cancellable': 'conflict' },
      handle: async ({ params, actor }) => presentOrder(await orders.cancel(params.id, actor), actor),
    }),
    operation({
      id: 'confirmOrder',
      method: 'post',
      path: '/orders/:id/confirm',
      tag,
      access: ['seller'],
      scope: 'orders:write',
      status: 200,
      summary: 'The seller takes a paid order on',
      params: ById,
      response: OrderView,
      errors: wrongState,
      handle: async ({ params, actor }) => presentOrder(await orders.confirm(params.id, actor), actor),
    }),
    operation({
      id: 'shipOrder',
      method: 'post',
      path: '/orders/:id/ship',
      tag,
      access: ['seller'],
      scope: 'orders:write',
      status: 200,
      summary: 'Handed to a carrier',
      params: ById,
      body: Ship,
      response: OrderView,
      errors: wrongState,
      handle: async ({ params, body, actor }) =>
        presentOrder(await orders.ship(params.id, body, actor), actor),
    }),
    operation({
      id: 'deliverOrder',
      method: 'post',
      path: '/orders/:id/deliver',
      tag,
      access: ['seller'],
      scope: 'orders:write',
      status: 200,
      summary: 'Received by the buyer',
      params: ById,
      response: OrderView,
      errors: wrongState,
      handle: async ({ params, actor }) => presentOrder(await orders.deliver(params.id, actor), actor),
    }),
  ]
}

/** Staff open an order to see where it goes: a list of everybody's addresses is nobody's business. */
const presentPage = ({ items, nextCursor }: Page<Order>, viewer: Actor) => ({
  items: items.map(order => ({
    ...presentOrder(order, viewer),
    ...(isStaff(viewer) ? { deliveryAddress: null } : {}),
  })),
  nextCursor,
})
