import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createCaller } from '../caller.js'
import { quantile, total } from '../figures.js'
import { type Bought, buy, STEPS } from './buying.js'
import type { OrderLoad, ShoppingList } from './shopping-list.js'

/** The buyers, in a process of their own: reads what to do from the file it is given, prints what it saw. */
const BREATH_MS = 50
const TOLD = 5

const list: ShoppingList = JSON.parse(readFileSync(process.argv[2] as string, 'utf8'))
const api = createCaller(list.apiUrl, list.tokens.length)
const provider = createCaller(list.providerUrl, list.tokens.length)
const shop = { api: api.call, provider: provider.call, secretKey: list.secretKey }
const bought: (Bought & { wholeMs: number })[] = []
const failures: string[] = []
let begun = 0

/** Buys one thing after the other until the time is over; an order that was begun is ended. */
async function shopping(token: string, until: number): Promise<void> {
  while (performance.now() < until) {
    const at = begun++
    const listingId = list.listingIds[at % list.listingIds.length] as string
    const query = list.queries[at % list.queries.length] as string
    const start = performance.now()
    try {
      bought.push({
        ...(await buy(shop, { token, query, listingId })),
        wholeMs: performance.now() - start,
      })
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
      await wait(BREATH_MS)
    }
  }
}

const start = performance.now()
await Promise.all(list.tokens.map(token => shopping(token, start + list.seconds * 1_000)))
const seconds = (performance.now() - start) / 1_000
const spread = (values: number[]) => ({ p50Ms: quantile(values, 0.5), p99Ms: quantile(values, 0.99) })

console.log(
  JSON.stringify({
    orders: bought.length,
    perSecond: bought.length / seconds,
    requestsAnOrder: total(bought.map(each => each.requests)) / bought.length,
    steps: [
      ...STEPS.map(name => ({ name, ...spread(bought.map(each => each.ms[name])) })),
      { name: 'whole order', ...spread(bought.map(each => each.wholeMs)) },
    ],
    failed: failures.length,
    failures: [...new Set(failures)].slice(0, TOLD),
  } satisfies OrderLoad),
)
for (const each of [api, provider]) each.close()
