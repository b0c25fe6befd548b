import { identify } from '../../api/embedded/process.js'
import { environmentOf } from './environment.js'
import { startProcesses } from './processes.js'
import type { RunFile } from './run-file.js'
import { fill, migrate } from './schema.js'
import { readOrMakeSecrets } from './secrets.js'
import type { Stage } from './stage.js'
import { startCache, startDatabase } from './storage.js'
import { startTap } from './tap.js'

/** The whole system, from secrets to a ready API. Returns what run.json tells the other commands. */
export async function bringUp(stage: Stage): Promise<RunFile> {
  preload()
  const { secrets } = await stage.step(
    'Secrets',
    () => readOrMakeSecrets(stage.folder.secrets),
    ({ made }) => (made === 0 ? 'kept' : `${made} made`),
  )
  const database = await startDatabase(stage, secrets)
  const cache = await startCache(stage)
  const { isNew } = await migrate(stage, database.urls)
  const serve = async () => {
    const tap = await startTap(stage, secrets)
    const env = environmentOf(stage, { secrets, database, cache, tap })
    return { tap, env, processes: await startProcesses(stage, env) }
  }
  const filled = isNew ? await fill(stage, database.urls) : undefined
  // From the second start on nothing is left to fill, and the API need not wait for the looking.
  const [{ tap, env, processes }, { hasDemo }] = await both(serve(), filled ?? fill(stage, database.urls))

  const { baseUrl } = stage
  return {
    pid: process.pid,
    pidStartedAt: identify(process.pid)?.startedAt ?? '',
    baseUrl,
    docsUrl: `${baseUrl}/docs`,
    ...processes,
    postgresPort: database.port,
    redisPort: cache.port,
    sandboxUrl: tap.url,
    hasDemo,
    startedAt: new Date().toISOString(),
    env,
  }
}

/** Reads what is needed soon while the servers start: they leave this process waiting. A failure shows where it is used. */
function preload(): void {
  for (const module of [import('../../api/platform/migrate.js'), import('../../api/sandbox/index.js')])
    module.catch(() => {})
}

/** Like Promise.all, but a failure waits for the other: what it starts must be known before it is torn down. */
async function both<A, B>(one: Promise<A>, other: B): Promise<[A, Awaited<B>]> {
  await Promise.allSettled([one, other])
  return Promise.all([one, other])
}
