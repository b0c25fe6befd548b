import type { Halalas } from '../../platform/money.js'
import type { Statement } from '../../platform/reads.js'
import type { DeliveryAddress } from './checkout.js'
import type { OrderStatus } from './order-states.js'

export type OrderFilters = {
  number?: string | undefined
  /** An id or an e-mail address. */
  buyer?: string | undefined
  /** An id or a CR number. */
  seller?: string | undefined
  status?: OrderStatus | undefined
  /** Placed at or after, and before. */
  from?: Date | undefined
  until?: Date | undefined
}
export type OrderCard = {
  id: string
  number: string
  status: OrderStatus
  buyerId: string
  buyerName: string
  sellerId: string
  tradeName: string
  totalHalalas: Halalas
  createdAt: Date
  paidAt: Date | null
}

/**
 * Orders, the newest first, after the one whose id is `after`. Reads users and sellers, for their names. Times have
 * microseconds there and milliseconds here, so the place to go on from is read where it stands.
 */
export function ordersFound(
  { number, buyer, seller, status, from, until }: OrderFilters,
  { after, limit }: { after: string | undefined; limit: number },
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = []
  const put = (value: unknown): string => `$${values.push(value)}`
  const where: string[] = []
  if (number) where.push(`o.number = ${put(number)}`)
  if (buyer) where.push(`o.buyer_id = ${whose(buyer, put, 'id from users where email')}`)
  if (seller) where.push(`o.seller_id = ${whose(seller, put, 'id from sellers where cr_number')}`)
  if (status) where.push(`o.status = ${put(status)}`)
  if (from) where.push(`o.created_at >= ${put(from)}`)
  if (until) where.push(`o.created_at < ${put(until)}`)
  if (after) {
    const last = put(after)
    where.push(`(o.created_at, o.id) < ((select created_at from orders where id = ${last}), ${last})`)
  }
  const text = `
    with page as (
      select o.* from orders o ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
      order by o.created_at desc, o.id desc limit ${put(limit)}
    )
    select p.id, p.number, p.status, p.buyer_id as "buyerId", b.name as "buyerName", p.seller_id as "sellerId",
      s.trade_name as "tradeName", p.total_halalas as "totalHalalas", p.created_at as "createdAt", p.paid_at as "paidAt"
    from page p join users b on b.id = p.buyer_id join sellers s on s.id = p.seller_id
    order by p.created_at desc, p.id desc`
  return { statement: { text }, values }
}

/** A row of WHOLE_ORDER: the order's own columns, its lines, where it goes, and who sells it. */
export type WholeRow = {
  buyer_id: string
  items: Record<string, unknown>[]
  deliveryAddress: DeliveryAddress
  sellerOwnerId: string
  [column: string]: unknown
}

const WHOLE = `
  select o.id, o.number, o.checkout_id, o.buyer_id, o.seller_id, o.status, o.net_halalas, o.vat_halalas, o.rounding_halalas,
    o.total_halalas, o.hold_expires_at, o.carrier, o.tracking_number, o.paid_at, o.confirmed_at, o.shipped_at,
    o.delivered_at, o.cancelled_at, o.created_at, c.delivery_address as "deliveryAddress", s.owner_id as "sellerOwnerId",
    (select json_agg(i order by i.position) from order_items i where i.order_id = o.id) as items
  from orders o join checkouts c on c.id = o.checkout_id join sellers s on s.id = o.seller_id`

/** An order whole, in one round trip. Reads sellers, for who may see it. */
export const WHOLE_ORDER = {
  byId: { name: 'orders-whole', text: `${WHOLE} where o.id = $1` },
  byNumber: { name: 'orders-whole-by-number', text: `${WHOLE} where o.number = $1` },
} as const satisfies Record<string, Statement>

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const whose = (name: string, put: (value: unknown) => string, byName: string): string =>
  UUID.test(name) ? put(name) : `(select ${byName} = ${put(name)})`
