import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import type { TestContext } from './context.js'
import { type Line, pay, place } from './shopping.js'

/** A checkout whose buyer paid in time while the provider's word of it is still on its way. */
export async function paidUnheard(t: TestContext, lines: Line[]) {
  const checkout = await place(t, lines)
  const payment = await pay(t, checkout.id)
  t.sandbox.control.webhooks.hold()
  t.sandbox.control.payments.approve(payment.chargeId)
  return { checkout, payment, orderIds: checkout.orders.map(order => order.id) }
}

/** The provider's word arrives, and all that follows is done. */
export async function hear(t: TestContext): Promise<void> {
  t.sandbox.control.webhooks.release()
  await t.settle()
}

/** Half an hour later: what nobody was known to have paid has expired. */
export async function letHoldsExpire(t: TestContext): Promise<void> {
  t.clock.advance(minutes(31))
  expect(await t.services.orders.expireHolds()).to.be.above(0)
}
