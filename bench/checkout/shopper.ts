import { randomUUID } from 'node:crypto'
import { createCaller } from '../caller.js'

export type Shopped = { checkouts: number; seconds: number; ms: number[]; failures: string[] }
export type Step = 'order' | 'payment'

const ADDRESS = {
  recipient: 'سارة العتيبي',
  phone: '0501234567',
  buildingNumber: '7421',
  street: 'شارع العليا',
  district: 'العليا',
  city: 'الرياض',
  postalCode: '12211',
}

/** A buyer's app: the cart becomes orders, and what they cost a payment page. Two requests. */
export function createShopper(apiUrl: string, tokens: readonly string[], listingIds: readonly string[]) {
  const api = createCaller(apiUrl, tokens.length)
  let begun = 0

  async function ask(path: string, token: string, body: unknown): Promise<{ id: string }> {
    const { status, text } = await api.call({
      method: 'POST',
      path: `/api/v1${path}`,
      token,
      body: JSON.stringify(body),
      headers: { 'idempotency-key': randomUUID() },
    })
    if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }

  async function checkout(token: string, between?: (done: Step) => Promise<void>): Promise<void> {
    const listingId = listingIds[begun++ % listingIds.length] as string
    const { id } = await ask('/orders', token, {
      lines: [{ listingId, quantity: 1 }],
      deliveryAddress: ADDRESS,
    })
    await between?.('order')
    await ask('/payments', token, { checkoutId: id })
    await between?.('payment')
  }

  return {
    /** One, with a look after each of its requests. */
    once: (look: (done: Step) => Promise<void>) => checkout(tokens[0] as string, look),

    /** One after the other by each buyer, until the time is over. */
    async shop(seconds: number): Promise<Shopped> {
      const [ms, failures]: [number[], string[]] = [[], []]
      const started = performance.now()
      const buying = async (token: string): Promise<void> => {
        while (performance.now() < started + seconds * 1_000) {
          const at = performance.now()
          try {
            await checkout(token)
            ms.push(performance.now() - at)
          } catch (error) {
            failures.push(error instanceof Error ? error.message : String(error))
            if (failures.length > 20) return
          }
        }
      }
      await Promise.all(tokens.map(buying))
      return { checkouts: ms.length, seconds: (performance.now() - started) / 1_000, ms, failures }
    },
    close: () => api.close(),
  }
}
