import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../platform/clock.js'
import { AppError } from '../platform/errors.js'
import { createControl, type SandboxControl } from './control.js'
import { controlRoutes } from './control-routes.js'
import { createDeliveries, type WebhookOptions } from './deliveries.js'
import { createFaults } from './faults.js'
import { createHyperpay, type HyperpayOptions } from './hyperpay/index.js'
import { createMessageBox } from './messages/message-box.js'
import { messageRoutes } from './messages/message-routes.js'
import { createEventBox } from './mixpanel/event-box.js'
import { mixpanelRoutes } from './mixpanel/mixpanel-routes.js'
import { pageRoutes } from './pages/page-routes.js'
import { createFirms } from './registries/firms.js'
import { registryRoutes } from './registries/registry-routes.js'
import { createServer } from './server.js'
import { openStateFile, readState } from './state-file.js'
import { createAuthorizations } from './tap/authorizations.js'
import { createCharges } from './tap/charges.js'
import { createPayments } from './tap/payments.js'
import { createRefunds } from './tap/refunds.js'
import { tapRoutes } from './tap/routes.js'
import { createStore } from './tap/store.js'
import { createWebhooks } from './tap/webhooks.js'
import { createViews } from './views.js'
import { zatcaRoutes } from './zatca/routes.js'

export type { SandboxControl } from './control.js'
export type { Delivery } from './delivery-log.js'
export type { Fault, Operation } from './faults.js'
export type { TapAuthorization, TapCharge, TapObject, TapPayment, TapRefund } from './tap/types.js'

export type SandboxOptions = {
  /** Any free port when left out. */
  port?: number
  /** The key clients must present, and the one that signs webhooks. */
  secretKey: string
  /** Survives a restart when given. */
  stateFile?: string
  nodeEnv?: string
  clock?: Clock
  webhooks?: WebhookOptions
  /** Left out, there is no HyperPay. */
  hyperpay?: HyperpayOptions
  /** The oldest objects are forgotten beyond this. */
  maxObjects?: number
}

export type Sandbox = {
  url: string
  tapApiUrl: string
  hyperpayApiUrl: string
  messagesUrl: string
  mixpanelUrl: string
  zatcaUrl: string
  /** The commercial register, and whose a bank account is; `secretKey` opens both. */
  wathqUrl: string
  accountsUrl: string
  control: SandboxControl
  close: () => Promise<void>
}

/** A stand-in for Tap and HyperPay, for who carries messages, for registers and for who certifies units: for development and tests. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port = 0, secretKey, stateFile, clock = systemClock, maxObjects = 10_000 } = options
  assertHarmless(options)
  const saved = readState(stateFile)
  let url = ''
  const tapApiUrl = () => `${url}/v2`
  const pageUrl = (id: string) => `${url}/pay/${id}`

  const store = createStore(maxObjects, () => file.schedule())
  const deliveries = createDeliveries({ ...options.webhooks, clock })
  const webhooks = createWebhooks({ secretKey, deliveries, onResult: store.posted })
  const payments = createPayments({ store, webhooks, clock })
  const charges = createCharges({ store, webhooks, clock, payments, pageUrl })
  const authorizations = createAuthorizations({ store, webhooks, clock, payments, pageUrl })
  const refunds = createRefunds({ store, webhooks, clock })
  const [faults, views, messages, firms] = [
    createFaults(),
    createViews(),
    createMessageBox(clock.now),
    createFirms(),
  ]
  const analytics = createEventBox()
  const hyperpay =
    options.hyperpay &&
    createHyperpay({
      options: options.hyperpay,
      deliveries,
      views,
      clock,
      maxObjects,
      baseUrl: () => url,
      changed: () => file.schedule(),
    })
  const file = openStateFile(stateFile, () => ({
    ...store.state(),
    ...(hyperpay ? { hyperpay: hyperpay.ledger.state() } : {}),
  }))
  const control = createControl({
    store,
    payments,
    refunds,
    webhooks,
    deliveries,
    hyperpay,
    faults,
    views,
    messages,
    firms,
    analytics,
  })
  const server = createServer(
    [
      ...tapRoutes({ secretKey, charges, authorizations, refunds, views }),
      ...pageRoutes({ payments, store, tapApiUrl, checkouts: () => hyperpay?.rows() ?? [] }),
      ...(hyperpay?.routes ?? []),
      ...messageRoutes(messages),
      ...mixpanelRoutes(analytics, clock.now),
      ...zatcaRoutes(clock.now),
      ...registryRoutes({ firms, apiKey: secretKey }),
      ...controlRoutes(control),
    ],
    faults,
  )

  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch(cause => Promise.reject(cannotListen(port, cause)))
  // A server that listens on a port has an AddressInfo; only pipes have a text.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (saved) store.load(saved)
  hyperpay?.ledger.load(saved?.hyperpay)
  for (const object of store.undelivered()) webhooks.announce(object)

  async function stop(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, deliveries.stop()])
    file.flush()
  }
  let stopped: Promise<void> | undefined
  const close = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    url,
    tapApiUrl: tapApiUrl(),
    mixpanelUrl: `${url}/mixpanel`,
    hyperpayApiUrl: url,
    messagesUrl: `${url}/messages`,
    zatcaUrl: `${url}/zatca`,
    wathqUrl: `${url}/wathq`,
    accountsUrl: `${url}/accounts`,
    control,
    close,
  }
}

function assertHarmless({ nodeEnv, secretKey }: SandboxOptions): void {
  if (nodeEnv === 'production' || nodeEnv === 'staging') {
    const message = `The payment sandbox approves payments nobody made and does not start in ${nodeEnv}.`
    throw new AppError('conflict', 'sandbox.production', message, { nodeEnv })
  }
  if (secretKey.startsWith('sk_live_')) {
    throw new AppError(
      'conflict',
      'sandbox.live_key',
      'The payment sandbox takes test keys only, never a live one.',
    )
  }
}

function cannotListen(port: number, cause: unknown): AppError {
  const message = `The payment sandbox cannot listen on 127.0.0.1:${port}.`
  return new AppError('unavailable', 'sandbox.cannot_listen', message, { port }, { cause })
}
