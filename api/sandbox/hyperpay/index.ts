import type { Clock } from '../../platform/clock.js'
import type { Deliveries } from '../deliveries.js'
import type { Route } from '../http.js'
import { type CheckoutRow, rowOf } from '../pages/hyperpay-page.js'
import { hyperpayPageRoutes } from '../pages/hyperpay-page-routes.js'
import type { Views } from '../views.js'
import { createCheckouts } from './checkouts.js'
import { createLedger } from './ledger.js'
import { createManagement } from './management.js'
import { type Account, hyperpayRoutes } from './routes.js'
import { createHyperpayWebhooks } from './webhooks.js'

export type HyperpayOptions = Account & {
  /** 64 hexadecimal digits. */
  webhookKey: string
  /** Where the back office sends everything. */
  webhookUrl: string
  isWrapped?: boolean
}
type Deps = {
  options: HyperpayOptions
  deliveries: Deliveries
  views: Views
  clock: Clock
  maxObjects: number
  baseUrl: () => string
  changed: () => void
}
export type Hyperpay = ReturnType<typeof createHyperpay>

/** A stand-in for HyperPay: its API, its hosted fields, its encrypted webhooks. */
export function createHyperpay({ options, deliveries, views, clock, maxObjects, baseUrl, changed }: Deps) {
  const { webhookKey: key, webhookUrl: url, isWrapped = false } = options
  const ledger = createLedger(maxObjects, changed)
  const webhooks = createHyperpayWebhooks({ deliveries, key, url, isWrapped })
  const checkouts = createCheckouts({ ledger, webhooks, clock })
  const management = createManagement({ ledger, webhooks, clock })
  const now = () => clock.now().getTime()
  const routes: Route[] = [
    ...hyperpayRoutes({ account: options, checkouts, management, views, now, baseUrl }),
    ...hyperpayPageRoutes({ ledger, checkouts }),
  ]
  return {
    routes,
    ledger,
    checkouts,
    management,
    webhooks,
    rows: (): CheckoutRow[] =>
      ledger.checkouts().map(checkout => rowOf(checkout, checkouts.attemptsOf(checkout)[0])),
  }
}
