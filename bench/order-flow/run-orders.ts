import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { signInBuyers } from '../accounts.js'
import { root, run } from '../child.js'
import type { Closing } from '../closing.js'
import type { House } from '../house.js'
import { peakDuring } from '../memory.js'
import type { Plan } from '../options.js'
import type { Database, Services } from '../services.js'
import type { Statements } from '../statements.js'
import type { OrderLoad, ShoppingList } from './shopping-list.js'

export type OrderFigures = OrderLoad & { apiMib: number; statementsAnOrder: number | undefined }

const BUYERS = 16
const WARM_SECONDS = 2

/** Sixteen buyers at once, each with one order after the other, while the worker does what follows. */
export async function runOrders(
  closing: Closing,
  services: Services,
  database: Database,
  { house, statements, plan }: { house: House; statements: Statements; plan: Plan },
  { queries, listingIds }: Pick<ShoppingList, 'queries' | 'listingIds'>,
): Promise<OrderFigures> {
  const worker = await house.startWorker()
  const list = {
    apiUrl: house.apiUrl,
    providerUrl: house.providerUrl,
    secretKey: house.env.TAP_SECRET_KEY as string,
    tokens: await signInBuyers(house.env, database, BUYERS),
    queries,
    listingIds,
  }
  const shop = (seconds: number) => runShopper(closing, services.folder, { ...list, seconds })
  try {
    await shop(WARM_SECONDS)
    const before = await statements.count()
    const { made, peakMib } = await peakDuring(house.api.pid, () => shop(plan.orderSeconds))
    const after = await statements.count()
    const counted = before === undefined || after === undefined ? undefined : (after - before) / made.orders
    return { ...made, apiMib: peakMib, statementsAnOrder: counted }
  } finally {
    await worker.stop()
  }
}

async function runShopper(closing: Closing, folder: string, list: ShoppingList): Promise<OrderLoad> {
  const file = path.join(folder, 'shopping-list.json')
  writeFileSync(file, JSON.stringify(list))
  const script = path.join(root, 'dist/bench/order-flow/shopper.js')
  const { code, stdout, stderr } = await run(closing, process.execPath, [script, file])
  if (code !== 0) throw new Error(`the shopper ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}
