import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createApp } from '../../api/app.js'
import { type Context, createContext } from '../../api/context.js'
import { handlersOf } from '../../api/jobs.js'
import type { Limits } from '../../api/modules/payments/gateways/exchange.js'
import { readConfig } from '../../api/platform/config/index.js'
import { createDatabase, type Db } from '../../api/platform/database.js'
import { createPerformer } from '../../api/platform/perform.js'

import { type Sandbox, startSandbox } from '../../api/sandbox/index.js'
import { createAccounts, type Who } from './accounts.js'
import { testClock } from './clock.js'
import { cloneDatabase, redisUrl, type TestDatabase } from './database.js'
import { HYPERPAY, testEnvironment } from './environment.js'
import { recordingLogger } from './logger.js'
import { type Answer, type RequestOptions, request } from './request.js'
import { ROOM } from './worker.js'

type Options = { env?: Record<string, string>; patience?: Partial<Limits> }
type Send = Omit<RequestOptions, 'method' | 'token'> & { as?: Who; token?: string }

/** Everything a test needs of the system, running for real: database, API over HTTP, and the provider's stand-in. */
export type TestContext = {
  context: Context
  services: Context['services']
  /** As the serving role. */
  db: Db
  /** As the schema's owner: for looking at, and arranging, what the application may not. */
  owner: Db
  ownerUrl: string
  databaseUrl: string
  baseUrl: string
  env: Record<string, string>
  sandbox: Sandbox
  clock: ReturnType<typeof testClock>
  log: ReturnType<typeof recordingLogger>
  accounts: ReturnType<typeof createAccounts>
  get(path: string, send?: Send): Promise<Answer>
  post(path: string, send?: Send): Promise<Answer>
  patch(path: string, send?: Send): Promise<Answer>
  request(method: string, path: string, send?: Send): Promise<Answer>
  /** Does the work that is due in the outbox, until none is. */
  settle(): Promise<void>
}

/** A context of its own for the surrounding `describe`: set up before, torn down after. */
export function useContext({ env: over = {}, patience }: Options = {}): TestContext {
  const t = {} as TestContext
  let database: TestDatabase
  let server: Server
  let files: string

  before(async () => {
    database = await cloneDatabase()
    files = await mkdtemp(path.join(tmpdir(), 'cargoparts-files-'))
    server = createServer()
    const baseUrl = await listen(server)
    const clock = testClock()
    const secretKey = testEnvironment(over).TAP_SECRET_KEY as string
    const sandbox = await startSandbox({
      secretKey,
      nodeEnv: 'test',
      clock,
      webhooks: { gapsMs: [20, 40] },
      hyperpay: hyperpayAccount(`${baseUrl}/api/v1/webhooks/hyperpay`),
    })
    const env = testEnvironment({
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      REDIS_URL: redisUrl(),
      REDIS_PREFIX: `t${randomBytes(5).toString('hex')}`,
      TAP_API_URL: sandbox.tapApiUrl,
      ...HYPERPAY,
      HYPERPAY_API_URL: sandbox.hyperpayApiUrl,
      MESSAGES_SANDBOX_URL: sandbox.messagesUrl,
      ZATCA_SANDBOX_URL: sandbox.zatcaUrl,
      WATHQ_API_URL: sandbox.wathqUrl,
      WATHQ_API_KEY: secretKey,
      ACCOUNT_CHECK_API_URL: sandbox.accountsUrl,
      ACCOUNT_CHECK_API_KEY: secretKey,
      API_URL: baseUrl,
      STORAGE_URL: pathToFileURL(files).href,
      ...over,
    })
    const log = recordingLogger()
    const context = createContext(readConfig(env, 'api'), {
      logger: log,
      clock,
      role: 'api',
      // providers fail on purpose here; that they are left alone then is a test of its own
      patience: { pauseMs: 5, failures: 1_000_000, ...patience },
    })
    server.on('request', createApp(context).callback())
    const owner = createDatabase({
      url: database.ownerUrl,
      application: 'test',
      poolMin: 0,
      acquireMs: 10_000,
    })
    const accounts = createAccounts({ context, owner })
    const send =
      (method: string) =>
      async (path: string, { as, ...options }: Send = {}) =>
        request(baseUrl, path, { method, ...(as ? { token: await accounts.token(as) } : {}), ...options })

    Object.assign(t, {
      context,
      services: context.services,
      db: context.db,
      owner,
      ownerUrl: database.ownerUrl,
      databaseUrl: database.url,
      baseUrl,
      env,
      sandbox,
      clock,
      log,
      accounts,
      get: send('GET'),
      post: send('POST'),
      patch: send('PATCH'),
      request: (method, path, options) => send(method)(path, options),
      settle: () => settle(context, sandbox),
    } satisfies TestContext)
  })

  after(async () => {
    server?.closeAllConnections()
    await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)))
    await t.sandbox?.close()
    await t.owner?.destroy()
    await t.context?.close()
    await database?.drop()
    if (files) await rm(files, { recursive: true, force: true })
  })
  return t
}

function hyperpayAccount(webhookUrl: string) {
  const { HYPERPAY_ENTITY_ID, HYPERPAY_ENTITY_ID_MADA, HYPERPAY_ENTITY_ID_APPLEPAY } = HYPERPAY
  return {
    accessToken: HYPERPAY.HYPERPAY_ACCESS_TOKEN,
    entityIds: [HYPERPAY_ENTITY_ID, HYPERPAY_ENTITY_ID_MADA, HYPERPAY_ENTITY_ID_APPLEPAY],
    webhookKey: HYPERPAY.HYPERPAY_WEBHOOK_SECRET,
    webhookUrl,
  }
}

/** Webhooks on their way first, then the outbox, until both are quiet. Handlers are the worker's own; what they throw is thrown. */
async function settle({ services, logger, schedule }: Context, sandbox: Sandbox): Promise<void> {
  const failures: unknown[] = []
  const performer = createPerformer({
    outbox: services.outbox,
    handlers: { ...handlersOf(services), recurring_due: schedule.handler([]) },
    logger: {
      ...logger,
      info: () => undefined,
      warn: (_event, fields) => void failures.push(fields?.error),
      error: (_event, fields) => void failures.push(fields?.error),
    },
    worker: 'settle',
  })
  try {
    for (;;) {
      await sandbox.control.webhooks.idle()
      const { due } = await services.outbox.claim(ROOM)
      if (due.length === 0) return
      for (const row of due) {
        await performer.perform(row.id)
        if (failures.length > 0) throw failures[0]
      }
    }
  } finally {
    await performer.close(0)
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
