import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { hashstring } from '../../api/sandbox/tap/signature.js'
import type { TapCharge } from '../../api/sandbox/tap/types.js'
import type { Call, Caller } from '../caller.js'
import { searchPath } from '../targets.js'

export const STEPS = ['search', 'detail', 'order', 'payment', 'webhook', 'paid', 'invoice'] as const
export type Step = (typeof STEPS)[number]
export type Shop = { api: Caller; provider: Caller; secretKey: string }
export type Wish = { token: string; query: string; listingId: string }
/** The time of each step, and how often the API was asked: waiting for the worker takes several looks. */
export type Bought = { ms: Record<Step, number>; requests: number }

const LOOK_AGAIN_MS = 20
const PATIENCE_MS = 15_000
const ADDRESS = {
  recipient: 'سارة العتيبي',
  phone: '0501234567',
  buildingNumber: '7421',
  street: 'شارع العليا',
  district: 'العليا',
  city: 'الرياض',
  postalCode: '12211',
}

/** One order from search to invoice, as a buyer's app asks for it. Anything but the wished answer throws. */
export async function buy(
  { api, provider, secretKey }: Shop,
  { token, query, listingId }: Wish,
): Promise<Bought> {
  const ms = {} as Record<Step, number>
  let requests = 0
  const ask = async <T>(call: Call): Promise<T> => {
    requests += 1
    return json(call, await api({ token, ...call }))
  }
  const step = async <T>(name: Step, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const done = await work()
    ms[name] = performance.now() - start
    return done
  }
  const write = <T>(path: string, body: unknown) =>
    ask<T>({ method: 'POST', path, body: JSON.stringify(body), headers: { 'idempotency-key': randomUUID() } })

  // the search is real; what is bought comes from a list, so that buyers do not queue for one popular part
  await step('search', () => ask({ path: `${searchPath(query)}&inStock=true` }))
  await step('detail', () => ask({ path: `/api/v1/listings/${listingId}` }))
  const checkout = await step('order', () =>
    write<{ id: string; orders: { id: string }[] }>('/api/v1/orders', {
      lines: [{ listingId, quantity: 1 }],
      deliveryAddress: ADDRESS,
    }),
  )
  const orderId = checkout.orders[0]?.id as string
  const payment = await step('payment', () =>
    write<{ redirectUrl: string }>('/api/v1/payments', { checkoutId: checkout.id, method: 'card' }),
  )
  const charge = await approve(provider, payment.redirectUrl)
  await step('webhook', () =>
    ask({
      method: 'POST',
      path: '/api/v1/webhooks/tap',
      body: JSON.stringify(charge),
      headers: { hashstring: hashstring(charge, secretKey) },
    }),
  )
  await step('paid', () =>
    until(
      () => ask<{ status: string }>({ path: `/api/v1/orders/${orderId}` }),
      order => order.status === 'PAID',
    ),
  )
  await step('invoice', () =>
    until(
      () => ask<{ items: unknown[] }>({ path: `/api/v1/invoices?orderId=${orderId}` }),
      ({ items }) => items.length > 0,
    ),
  )
  return { ms, requests }
}

/** The buyer's approval at the provider: no work of ours, and in no step's time. */
async function approve(provider: Caller, redirectUrl: string): Promise<TapCharge> {
  const id = new URL(redirectUrl).pathname.split('/').pop()
  const call = { method: 'POST', path: `/control/payments/${id}/approve`, body: '{}' } as const
  return json(call, await provider(call))
}

function json<T>({ method = 'GET', path }: Call, { status, text }: { status: number; text: string }): T {
  if (status >= 200 && status < 300) return JSON.parse(text)
  throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`)
}

async function until<T>(look: () => Promise<T>, isWished: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (isWished(seen)) return seen
    if (performance.now() > deadline)
      throw new Error(`not done after ${PATIENCE_MS} ms: ${JSON.stringify(seen)}`)
    await wait(LOOK_AGAIN_MS)
  }
}
