import { expect } from 'chai'
import type { Knex } from 'knex'
import { canBecome, ORDER_STATUSES } from '../../api/modules/orders/order-states.js'
import {
  canMove,
  canRefundMove,
  PAYMENT_STATUSES,
  REFUND_STATUSES,
} from '../../api/modules/payments/payment-states.js'
import { useContext } from '../support/context.js'
import { buy } from '../support/shopping.js'

describe('the moves of a state', () => {
  const t = useContext()
  let rows: Record<'orders' | 'payments' | 'refunds', string>
  before(async () => {
    const listing = await t.accounts.listing()
    const { orderId, payment } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: orderId })
    await t.settle()
    const refund = await t.db('refunds').where({ order_id: orderId }).first('id')
    rows = { orders: orderId, payments: payment.id, refunds: refund.id }
  })

  const MACHINES = {
    orders: { statuses: ORDER_STATUSES, allows: canBecome },
    payments: { statuses: PAYMENT_STATUSES, allows: canMove },
    refunds: { statuses: REFUND_STATUSES, allows: canRefundMove },
  } as const

  for (const [table, { statuses, allows }] of Object.entries(MACHINES) as [
    keyof typeof MACHINES,
    { statuses: readonly string[]; allows: (from: never, to: never) => boolean },
  ][])
    it(`of ${table} are the same in the code and in the database, which refuses the rest`, async () => {
      const [database, code]: [string[], string[]] = [[], []]
      for (const from of statuses)
        for (const to of statuses.filter(each => each !== from)) {
          if (await moves(table, from, to)) database.push(`${from} > ${to}`)
          if (allows(from as never, to as never)) code.push(`${from} > ${to}`)
        }
      expect(database).to.deep.equal(code)
    })

  it('that are refused say which, as a broken rule of the table', async () => {
    const error = await t
      .db('orders')
      .where({ id: rows.orders })
      .update({ status: 'PENDING' })
      .catch(thrown => thrown)
    expect(error).to.include({ code: '23514', constraint: 'orders_transition', table: 'orders' })
  })

  /** Whether the serving role may take this row from one state to the other. Leaves it as it was. */
  async function moves(table: keyof typeof MACHINES, from: string, to: string): Promise<boolean> {
    const undo = new Error('rolled back')
    let isAllowed = false
    await t.owner
      .transaction(async (trx: Knex.Transaction) => {
        await trx.raw('alter table ?? disable trigger ??', [table, `${table}_transition`])
        const shipped = table === 'orders' ? { shipped_at: new Date() } : {}
        await trx(table)
          .where({ id: rows[table] })
          .update({ status: from, ...shipped })
        await trx.raw('alter table ?? enable trigger ??', [table, `${table}_transition`])
        isAllowed = await trx
          .transaction(point => point(table).where({ id: rows[table] }).update({ status: to }))
          .then(() => true)
          .catch(error => {
            expect(error.constraint).to.equal(`${table}_transition`)
            return false
          })
        throw undo
      })
      .catch(error => expect(error).to.equal(undo))
    return isAllowed
  }
})
