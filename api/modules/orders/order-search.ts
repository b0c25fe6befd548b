import { type Actor, isStaff } from '../../platform/actor.js'
import { AppError } from '../../platform/errors.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import { type OrderCard, type OrderFilters, ordersFound } from './order-queries.js'

/** Everybody's orders, for staff: cards, without lines and addresses. */
export function createOrderSearch({ reads, cursors }: { reads: Reads; cursors: Cursors }) {
  return async function search(
    { limit, cursor, ...filters }: OrderFilters & PageRequest,
    actor: Actor,
  ): Promise<Page<OrderCard>> {
    if (!isStaff(actor)) throw new AppError('forbidden', 'auth.forbidden', 'This is for staff.')
    const list = `orders:found:${JSON.stringify(filters)}`
    const after = cursor === undefined ? undefined : cursors.decode(list, cursor)
    const { statement, values } = ordersFound(filters, { after, limit: limit + 1 })
    return cursors.page(list, await reads<OrderCard>(statement, values), limit, order => order.id)
  }
}
