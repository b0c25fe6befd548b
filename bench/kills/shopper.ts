import { setTimeout as wait } from 'node:timers/promises'

export type Shop = { apiUrl: string; providerUrl: string; listingIds: string[]; random: () => number }
export type Shopped = { placed: number; paid: number; declined: number; cancelled: number; odd: string[] }

const ADDRESS = {
  recipient: 'سارة',
  phone: '0501234567',
  buildingNumber: '7421',
  street: 'شارع العليا',
  district: 'العليا',
  city: 'الرياض',
  postalCode: '12211',
}
const BREATH_MS = 100
/** A key that a crash cut off is free within a minute. */
const PATIENCE_MS = 100_000
type Answer = { status: number; body: Record<string, unknown> }

/**
 * A buyer as a good client is: whatever gets no answer is asked again under its key, until there is one. Orders, opens
 * a page, pays or is declined, and now and then cancels.
 */
export async function shop(
  { apiUrl, providerUrl, listingIds, random }: Shop,
  token: string,
  name: string,
  isOver: () => boolean,
): Promise<Shopped> {
  const seen: Shopped = { placed: 0, paid: 0, declined: 0, cancelled: 0, odd: [] }
  for (let number = 0; !isOver(); number++) {
    const key = (what: string) => `${name}-${number}-${what}`
    const listingId = listingIds[Math.floor(random() * listingIds.length)] as string
    const lines = [{ listingId, quantity: 1 + Math.floor(random() * 2) }]
    const placed = await ask(apiUrl, '/orders', key('order'), token, { lines, deliveryAddress: ADDRESS })
    if (placed.status !== 201) {
      seen.odd.push(`order ${placed.status} ${placed.body.code}`)
      continue
    }
    seen.placed += 1
    const provider = random() < 0.5 ? 'tap' : 'hyperpay'
    const wish = { checkoutId: placed.body.id, provider, authorizeFirst: random() < 0.3 }
    const opened = await ask(apiUrl, '/payments', key('payment'), token, wish)
    if (opened.status !== 201) {
      seen.odd.push(`payment ${opened.status} ${opened.body.code}`)
      continue
    }
    const isDeclined = random() < 0.1
    await decide(providerUrl, provider, String(opened.body.redirectUrl), isDeclined)
    if (isDeclined) seen.declined += 1
    else seen.paid += 1
    if (random() < 0.2) {
      const [order] = placed.body.orders as { id: string }[]
      const cancelled = await ask(apiUrl, `/orders/${order?.id}/cancel`, key('cancel'), token, {})
      if (cancelled.status === 200) seen.cancelled += 1
      else seen.odd.push(`cancel ${cancelled.status} ${cancelled.body.code}`)
    }
  }
  return seen
}

/** Until there is an answer that says something: a system that comes and goes says nothing, or 5xx, or that the first is still running. */
async function ask(apiUrl: string, path: string, key: string, token: string, body: object): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await once(
      `${apiUrl}/api/v1${path}`,
      {
        authorization: `Bearer ${token}`,
        'idempotency-key': key,
      },
      body,
    )
    const isFinal =
      answer && answer.status < 500 && answer.status !== 429 && answer.body.code !== 'idempotency.in_progress'
    if (isFinal) return answer
    if (performance.now() > deadline) return answer ?? { status: 0, body: { code: 'no answer' } }
    await wait(BREATH_MS)
  }
}

async function decide(
  providerUrl: string,
  provider: string,
  page: string,
  isDeclined: boolean,
): Promise<void> {
  const id = provider === 'tap' ? page.split('/').at(-1) : await checkoutOf(page)
  const path =
    provider === 'tap'
      ? `/control/payments/${id}/${isDeclined ? 'decline' : 'approve'}`
      : `/control/hyperpay/checkouts/${id}/pay`
  await once(`${providerUrl}${path}`, {}, provider === 'tap' || !isDeclined ? {} : { code: '800.100.155' })
}

/** HyperPay's page is ours: it names the checkout in its script, as a browser would find it. */
async function checkoutOf(page: string): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const html = await fetch(page)
      .then(answer => answer.text())
      .catch(() => '')
    const id = /checkoutId=([\w.-]+)/.exec(html)?.[1]
    if (id !== undefined) return id
    if (performance.now() > deadline) throw new Error(`no checkout on ${page}`)
    await wait(BREATH_MS)
  }
}

async function once(url: string, headers: Record<string, string>, body: object): Promise<Answer | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  } catch {
    return undefined // nobody there, or gone in the middle of it
  }
}
