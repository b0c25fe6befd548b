import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from '../api/embedded/loopback.js'
import { type Running, start } from './child.js'
import type { Closing } from './closing.js'
import { stagingEnvironment } from './environment.js'
import type { Database, Services } from './services.js'

/** The measured system: the API and the provider's stand-in, each a process of its own. The worker comes with the orders. */
export type House = {
  apiUrl: string
  providerUrl: string
  api: Running
  env: Record<string, string>
  startWorker(): Promise<Running>
}

const READY_MS = 10_000
const SECRET_KEY = 'sk_test_of_the_bench'

export async function startHouse(closing: Closing, services: Services, database: Database): Promise<House> {
  const log = (name: string) => path.join(services.folder, `${name}.log`)
  const provider = await start(
    closing,
    'bench/order-flow/provider.js',
    { TAP_SECRET_KEY: SECRET_KEY },
    log('provider'),
    /listening on (\S+)/,
  )
  const providerUrl = provider.said[1] as string
  const env = stagingEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: services.redisUrl,
    TAP_API_URL: `${providerUrl}/v2`,
    TAP_SECRET_KEY: SECRET_KEY,
    STORAGE_URL: pathToFileURL(path.join(services.folder, 'files')).href,
    PORT: String(await freePort()),
  })
  const apiUrl = env.API_URL as string
  // its log goes to a file, one line a request: what writing it costs is part of every figure
  const api = await start(closing, 'api/server.js', env, log('api'), /"api_listening"/)
  await ready(apiUrl)
  return {
    apiUrl,
    providerUrl,
    api,
    env,
    startWorker: () => start(closing, 'api/worker.js', env, log('worker'), /"worker_started"/),
  }
}

async function ready(apiUrl: string): Promise<void> {
  const deadline = performance.now() + READY_MS
  const isReady = () =>
    fetch(`${apiUrl}/api/health/ready`)
      .then(answer => answer.ok)
      .catch(() => false)
  while (!(await isReady())) {
    if (performance.now() > deadline) throw new Error('The API does not become ready.')
    await wait(20)
  }
}
