import { randomUUID } from 'node:crypto'
import type { Who } from './accounts.js'
import type { TestContext } from './context.js'
import type { Answer } from './request.js'
import { ADDRESS, type Line } from './shopping.js'

/** Asks for a cart and hands back whatever the API says. */
export function order(t: TestContext, lines: Line[], as: Who = 'buyer', key: string = randomUUID()) {
  return t.post('/api/v1/orders', { as, key, body: { lines, deliveryAddress: ADDRESS } })
}

/** Asks for a payment page and hands back whatever the API says. */
export function askToPay(t: TestContext, body: object, as: Who = 'buyer', key: string = randomUUID()) {
  return t.post('/api/v1/payments', { as, key, body })
}

/** The same thing `count` times at once. */
export function atOnce<T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => act(index)))
}

/** How many answers had each status: `{ 201: 5, 409: 27 }`. */
export function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
