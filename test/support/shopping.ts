import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Who } from './accounts.js'
import type { TestContext } from './context.js'

export const ADDRESS = {
  recipient: 'سارة العتيبي',
  phone: '0501234567',
  buildingNumber: '7421',
  street: 'شارع العليا',
  district: 'العليا',
  city: 'الرياض',
  postalCode: '12211',
}

export type Line = { listingId: string; quantity: number }

/** Places a cart through the API; expects it to be accepted. Returns the checkout as presented. */
export async function place(t: TestContext, lines: Line[], as: Who = 'buyer') {
  const answer = await t.post('/api/v1/orders', {
    as,
    key: randomUUID(),
    body: { lines, deliveryAddress: ADDRESS },
  })
  expect(answer.status, answer.text).to.equal(201)
  return answer.body as {
    id: string
    total: { amount: number }
    orders: { id: string; number: string; status: string }[]
  }
}

/** Opens a payment page for a checkout; with Tap unless told otherwise. `chargeId` is the provider's id. */
export async function pay(
  t: TestContext,
  checkoutId: string,
  as: Who = 'buyer',
  how: { provider?: string; method?: string; authorizeFirst?: boolean } = {},
) {
  const body = { checkoutId, ...how }
  const answer = await t.post('/api/v1/payments', { as, key: randomUUID(), body })
  expect(answer.status, answer.text).to.equal(201)
  const { external_id: chargeId } = await t.db('payments').where({ id: answer.body.id }).first('external_id')
  return {
    id: answer.body.id as string,
    chargeId: chargeId as string,
    redirectUrl: answer.body.redirectUrl as string,
  }
}

/** Order, payment page, approval, webhook, and all that follows. */
export async function buy(t: TestContext, lines: Line[], as: Who = 'buyer') {
  const checkout = await place(t, lines, as)
  const payment = await pay(t, checkout.id, as)
  t.sandbox.control.payments.approve(payment.chargeId)
  await t.settle()
  return { checkout, payment, orderId: checkout.orders[0]?.id as string }
}

export const stockOf = async (t: TestContext, listingId: string): Promise<number> =>
  (await t.db('listings').where({ id: listingId }).first('stock')).stock

export const statusOf = async (
  t: TestContext,
  table: 'orders' | 'payments' | 'refunds',
  where: object,
): Promise<string> => (await t.db(table).where(where).first('status')).status
