import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../api/platform/errors.js'
import { demoAccounts } from '../../seeds/demo-accounts.js'
import type { Client } from './client.js'
import { approveOnPage } from './payment-page.js'

type Listing = { id: string; title: { en: string }; price: { amount: number } }
type Order = { id: string; number: string; status: string }
type Checkout = { id: string; orders: Order[] }
type Payment = { id: string; status: string; redirectUrl: string | null }
type Invoice = { id: string; number: string; seal: { counter: number } | null }

export type Step = { name: string; ms: number; detail: string }
export type DemoOrder = {
  order: { number: string; status: string }
  payment: { status: string }
  /** Of a seller without VAT there is a bill, and nothing to sign. */
  invoice: { number: string; counter: number | null; verifies: boolean | null }
  steps: Step[]
}

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

/** One order from search to invoice (and to the door with `deliver`), each step timed and told as it ends. */
export async function runDemoOrder(
  client: Client,
  options: { deliver: boolean; tell: (step: Step) => void },
): Promise<DemoOrder> {
  const steps: Step[] = []
  const step = async <T>(name: string, work: () => Promise<T>, detail: (result: T) => string): Promise<T> => {
    const start = performance.now()
    const result = await work()
    const done = { name, ms: Math.round(performance.now() - start), detail: detail(result) }
    steps.push(done)
    options.tell(done)
    return result
  }

  const [buyer, seller] = [await signIn(client, 'buyer'), await signIn(client, 'seller')]
  const shop = await client.get<{ id: string }>('/sellers/me', seller)
  const listing = await step(
    'search',
    () => firstInStock(client, shop.id),
    found => found.title.en,
  )
  const checkout = await step(
    'order',
    () =>
      client.post<Checkout>(
        '/orders',
        { lines: [{ listingId: listing.id, quantity: 1 }], deliveryAddress: ADDRESS },
        { token: buyer, idempotencyKey: randomUUID() },
      ),
    placed => placed.orders.map(order => order.number).join(', '),
  )
  const orderId = only(checkout.orders).id
  const payment = await step(
    'payment',
    () =>
      client.post<Payment>(
        '/payments',
        { checkoutId: checkout.id, method: 'card' },
        { token: buyer, idempotencyKey: randomUUID() },
      ),
    opened => opened.status,
  )
  await step(
    'approve',
    () => approveOnPage(payment.redirectUrl),
    () => "on the provider's page",
  )
  const paid = await step(
    'paid',
    () =>
      until(
        () => client.get<Order>(`/orders/${orderId}`, buyer),
        order => order.status !== 'PENDING',
      ),
    order => order.status,
  )
  const captured = await client.get<Payment>(`/payments/${payment.id}`, buyer)
  const invoice = await step(
    'invoice',
    async () =>
      only(
        (
          await until(
            () => client.get<{ items: Invoice[] }>(`/invoices?orderId=${orderId}`, buyer),
            list => list.items.length > 0,
          )
        ).items,
      ),
    issued => issued.number,
  )
  const verifies =
    invoice.seal &&
    (await step(
      'verify',
      async () => isRight(await client.text(`/invoices/${invoice.id}/xml`, buyer)),
      is =>
        is ? 'rules, hash, signature, certificate and QR code are right' : 'the e-invoice does NOT verify',
    ))
  let order = paid
  if (options.deliver) {
    await step(
      'confirm',
      () => client.step<Order>(`/orders/${orderId}/confirm`, seller),
      now => now.status,
    )
    const parcel = { carrier: 'SMSA', trackingNumber: `DEMO${Date.now()}` }
    await step(
      'ship',
      () => client.post<Order>(`/orders/${orderId}/ship`, parcel, { token: seller }),
      now => now.status,
    )
    order = await step(
      'deliver',
      () => client.step<Order>(`/orders/${orderId}/deliver`, seller),
      now => now.status,
    )
  }
  return {
    order: { number: order.number, status: order.status },
    payment: { status: captured.status },
    invoice: { number: invoice.number, counter: invoice.seal?.counter ?? null, verifies },
    steps,
  }
}

/** As `invoices:verify` looks at a file. */
async function isRight(xml: string): Promise<boolean> {
  const { findingsInXml } = await import('../invoices-verify.js')
  return findingsInXml(xml, 'en').passes
}

async function signIn(client: Client, role: 'buyer' | 'seller'): Promise<string> {
  const account = demoAccounts.find(candidate => candidate.role === role)
  if (!account) throw new Error(`no demo account for ${role}`)
  const { accessToken } = await client.post<{ accessToken: string }>('/auth/login', {
    email: account.email,
    password: account.password,
  })
  return accessToken
}

async function firstInStock(client: Client, sellerId: string): Promise<Listing> {
  const search = new URLSearchParams({ q: 'فحمات', seller: sellerId, inStock: 'true' })
  const [exact] = (await client.get<{ items: Listing[] }>(`/listings?${search}`)).items
  if (exact) return exact
  search.delete('q')
  const [any] = (await client.get<{ items: Listing[] }>(`/listings?${search}`)).items
  if (any) return any
  throw new AppError(
    'conflict',
    'demo.sold_out',
    'The demo seller has nothing left in stock: start again with --reset.',
  )
}

/** Asks until the answer is as wished: what a client app does while the buyer waits. */
async function until<T>(ask: () => Promise<T>, isWished: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    const answer = await ask()
    if (isWished(answer)) return answer
    if (performance.now() > deadline)
      throw new AppError(
        'unavailable',
        'demo.timeout',
        `Not done after ${PATIENCE_MS / 1000} s: is the worker running?`,
      )
    await wait(pause)
  }
}

function only<T>(items: T[]): T {
  const [item] = items
  if (item === undefined) throw new Error('expected one item, got none')
  return item
}
