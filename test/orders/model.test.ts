import { expect } from 'chai'
import fc from 'fast-check'
import type { UserActor } from '../../api/platform/actor.js'
import { minutes } from '../../api/platform/clock.js'
import { AppError } from '../../api/platform/errors.js'
import { newId } from '../../api/platform/ids.js'
import { useContext } from '../support/context.js'
import { ADDRESS } from '../support/shopping.js'

/** What buyers, the bank and time can do. `pick` chooses among what there is at that moment. */
const anAction = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('place' as const),
      pick: fc.nat(),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('pay' as const), pick: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('approve' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('decline' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('hear' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('cancel' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('sweep' as const) }) },
)
type Action = typeof anAction extends fc.Arbitrary<infer T> ? T : never

const STOCK = 4
/** Two histories that must be among them: money back after a cancellation, and money that came too late. */
const paid: Action[] = [
  { does: 'place', pick: 1, quantity: 3 },
  { does: 'pay', pick: 0 },
  { does: 'approve', pick: 0 },
]
const TELLING: [Action[]][] = [
  [[...paid, { does: 'hear' }, { does: 'cancel', pick: 0 }]],
  [[...paid, { does: 'wait' }, { does: 'place', pick: 1, quantity: 2 }, { does: 'hear' }]],
]
const HOLDING = ['PENDING', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED']

describe('any order of placing, paying, cancelling and waiting', function () {
  this.timeout(120_000)
  const t = useContext()
  after(() => t.clock.reset())

  it('keeps stock and money in balance', async () => {
    const { actor } = await t.accounts.account('buyer')
    await fc.assert(
      fc.asyncProperty(fc.array(anAction, { minLength: 8, maxLength: 24, size: 'max' }), async actions => {
        await t.sandbox.control.reset()
        const listings = [
          (await t.accounts.listing({ stock: STOCK })).id,
          (await t.accounts.listing({ stock: STOCK }, 'seller:2')).id,
        ]
        const world = { listings, checkouts: [] as string[], actor }
        t.sandbox.control.webhooks.hold()
        for (const action of actions) {
          await perform(action, world)
          await assertBalanced(world)
        }
        await perform({ does: 'hear' }, world)
        await assertSettled(world)
      }),
      { numRuns: 15, seed: 20_260_301, endOnFailure: true, examples: TELLING },
    )
    const states: string[] = await t.db('orders').distinct('status').pluck('status')
    expect(states, 'the histories are worth something').to.include.members(['PAID', 'EXPIRED', 'REFUNDED'])
    expect(await t.db('refunds').where('reason', 'like', '%no longer%')).not.to.be.empty
  })

  type World = { listings: string[]; checkouts: string[]; actor: UserActor }

  async function perform(action: Action, world: World): Promise<void> {
    const { payments: bank, webhooks } = t.sandbox.control
    const one = <T>(list: readonly T[], pick: number): T | undefined => list[pick % (list.length || 1)]
    switch (action.does) {
      case 'place': {
        const chosen = [world.listings.slice(0, 1), world.listings, [...world.listings].reverse()]
        const lines = (one(chosen, action.pick) ?? []).map(id => ({
          listingId: id,
          quantity: action.quantity,
        }))
        const placed = await attempt(
          t.services.orders.place({ lines, deliveryAddress: ADDRESS }, world.actor, newId()),
        )
        if (placed) world.checkouts.push(placed.checkout.id)
        return
      }
      case 'pay': {
        const checkoutId = one(world.checkouts, action.pick)
        const request = { checkoutId: checkoutId as string, provider: 'tap', method: 'card' as const }
        if (checkoutId) await attempt(t.services.payments.create(request, world.actor, newId()))
        return
      }
      case 'approve':
      case 'decline': {
        const charge = one(
          bank.list().filter(each => each.status === 'INITIATED'),
          action.pick,
        )
        if (charge) action.does === 'approve' ? bank.approve(charge.id) : bank.decline(charge.id)
        return
      }
      case 'hear':
        webhooks.release()
        await t.settle()
        webhooks.hold()
        return
      case 'cancel': {
        const orders = await t.db('orders').whereIn('checkout_id', world.checkouts).orderBy('id')
        const order = one(orders, action.pick)
        if (order) await attempt(t.services.orders.cancel(order.id, world.actor))
        return
      }
      case 'wait':
        t.clock.advance(minutes(32))
        await t.services.orders.expireHolds()
        return
      case 'sweep':
        await t.services.payments.refreshOverdue()
    }
  }

  /** True at every moment: nothing is sold twice, no money is made or lost. */
  async function assertBalanced({ listings, checkouts }: World): Promise<void> {
    for (const id of listings) {
      const { stock } = await t.db('listings').where({ id }).first('stock')
      const held: number[] = await t
        .db('order_items')
        .join('orders', 'orders.id', 'order_items.order_id')
        .where('listing_id', id)
        .whereIn('orders.status', HOLDING)
        .pluck('quantity')
      expect(stock).to.be.at.least(0)
      expect(held.reduce((all, each) => all + each, stock)).to.equal(STOCK)
    }
    for (const payment of await t.db('payments').whereIn('checkout_id', checkouts)) {
      const parts: number[] = await t
        .db('payment_allocations')
        .where({ payment_id: payment.id })
        .pluck('amount_halalas')
      expect(total(parts)).to.equal(payment.amount_halalas)
      const back: number[] = await t
        .db('refunds')
        .where({ payment_id: payment.id, status: 'REFUNDED' })
        .pluck('amount_halalas')
      expect(total(back)).to.equal(payment.refunded_halalas)
      expect(payment.refunded_halalas).to.be.at.most(payment.captured_at ? payment.amount_halalas : 0)
    }
  }

  /** True once everything was heard: each order has its money once, or not at all; and its papers. */
  async function assertSettled({ checkouts }: World): Promise<void> {
    for (const order of await t.db('orders').whereIn('checkout_id', checkouts)) {
      const { rows } = await t.db.raw(
        `select coalesce(sum(a.amount_halalas), 0)::bigint as kept from payment_allocations a
         join payments p on p.id = a.payment_id and p.captured_at is not null
         left join refunds r on r.payment_id = a.payment_id and r.order_id = a.order_id and r.status = 'REFUNDED'
         where a.order_id = ? and r.id is null`,
        [order.id],
      )
      expect(rows[0].kept, order.status).to.equal(order.status === 'PAID' ? order.total_halalas : 0)
      const kinds: string[] = await t.db('invoices').where({ order_id: order.id }).orderBy('id').pluck('kind')
      const papers =
        { PAID: ['TAX_INVOICE'], REFUNDED: ['TAX_INVOICE', 'CREDIT_NOTE'] }[order.status as string] ?? []
      expect(kinds, order.status).to.deep.equal(papers)
    }
    const charged = t.sandbox.control.payments.list().filter(charge => charge.status === 'CAPTURED').length
    const booked = await t.db('payments').whereIn('checkout_id', checkouts).whereNotNull('captured_at')
    expect(booked).to.have.length(charged)
  }
})

const total = (amounts: number[]): number => amounts.reduce((all, each) => all + each, 0)

/** The result, or nothing where a rule says no. */
async function attempt<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'conflict') return undefined
    throw error
  })
}
