import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../platform/clock.js'
import { AppError } from '../platform/errors.js'
import { createControl, type SandboxControl } from './control.js'
import { controlRoutes } from './control-routes.js'
import { createMessageBox } from './messages/message-box.js'
import { messageRoutes } from './messages/message-routes.js'
import { pageRoutes } from './pages/page-routes.js'
import { createServer } from './server.js'
import { createAuthorizations } from './tap/authorizations.js'
import { createCharges } from './tap/charges.js'
import { createFaults } from './tap/faults.js'
import { createPayments } from './tap/payments.js'
import { createRefunds } from './tap/refunds.js'
import { tapRoutes } from './tap/routes.js'
import { openStateFile, readState } from './tap/state-file.js'
import { createStore } from './tap/store.js'
import { createViews } from './tap/views.js'
import { createWebhooks, type WebhookOptions } from './tap/webhooks.js'
import { zatcaRoutes } from './zatca/routes.js'

export type { SandboxControl } from './control.js'
export type { Delivery } from './tap/delivery-log.js'
export type { Fault, Operation } from './tap/faults.js'
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
  /** The oldest objects are forgotten beyond this. */
  maxObjects?: number
}

export type Sandbox = {
  url: string
  tapApiUrl: string
  messagesUrl: string
  zatcaUrl: string
  control: SandboxControl
  close: () => Promise<void>
}

/** A stand-in for Tap, and for who carries messages and certifies units, on this machine: for development and tests. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port = 0, secretKey, stateFile, clock = systemClock, maxObjects = 10_000 } = options
  assertHarmless(options)
  const saved = readState(stateFile)
  let url = ''
  const tapApiUrl = () => `${url}/v2`
  const pageUrl = (id: string) => `${url}/pay/${id}`

  const store = createStore(maxObjects, () => file.schedule())
  const file = openStateFile(stateFile, store.state)
  const webhooks = createWebhooks({ ...options.webhooks, secretKey, clock, onResult: store.posted })
  const payments = createPayments({ store, webhooks, clock })
  const charges = createCharges({ store, webhooks, clock, payments, pageUrl })
  const authorizations = createAuthorizations({ store, webhooks, clock, payments, pageUrl })
  const refunds = createRefunds({ store, webhooks, clock })
  const [faults, views, messages] = [createFaults(), createViews(), createMessageBox(clock.now)]
  const control = createControl({ store, payments, refunds, webhooks, faults, views, messages })
  const server = createServer(
    [
      ...tapRoutes({ secretKey, charges, authorizations, refunds, views }),
      ...pageRoutes({ payments, store, tapApiUrl }),
      ...messageRoutes(messages),
      ...zatcaRoutes(clock.now),
      ...controlRoutes(control),
    ],
    faults,
  )

  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch(cause => Promise.reject(cannotListen(port, cause)))
  // A server that listens on a port has an AddressInfo; only pipes have a text.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (saved) store.load(saved)
  for (const object of store.undelivered()) webhooks.announce(object)

  async function stop(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, webhooks.stop()])
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
    messagesUrl: `${url}/messages`,
    zatcaUrl: `${url}/zatca`,
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
