import type { Halalas } from '../../platform/money.js'
import type { Statement } from '../../platform/reads.js'
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

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const whose = (name: string, put: (value: unknown) => string, byName: string): string =>
  UUID.test(name) ? put(name) : `(select ${byName} = ${put(name)})`
