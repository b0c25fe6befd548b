import { AppError } from '../../api/platform/errors.js'
import { bringUp } from './bring-up.js'
import { checkEnvironment } from './check-environment.js'
import { endOrphans } from './children.js'
import { type DataFolder, dataDirOf, openDataFolder } from './data-folder.js'
import { followLogs } from './follow-logs.js'
import { acquireLock } from './lock.js'
import { baseUrlOf, claimPort } from './port.js'
import { type RunFile, removeRunFile, writeRunFile } from './run-file.js'
import { createSteps, StopRequested } from './steps.js'
import { listenForStop } from './stop-signals.js'
import { createTeardown } from './teardown.js'
import { createWatch } from './watch.js'

export type SessionOptions = {
  env: NodeJS.ProcessEnv
  verbose: boolean
  /** Progress, for people. */
  write(line: string): void
  /** Called under the lock, before anything starts. */
  prepare(folder: DataFolder): Promise<void>
  announce(run: RunFile): Promise<void>
}

/** One run of `cargoparts start`: returns when it was asked to stop, throws when something died. */
export async function runSession(options: SessionOptions): Promise<void> {
  refuseProduction(options.env)
  await checkEnvironment(options.env)
  const folder = openDataFolder(dataDirOf(options.env))
  const lock = await acquireLock(folder.lock)
  try {
    await options.prepare(folder)
    await untilStopped(folder, options)
  } finally {
    lock.release()
  }
}

async function untilStopped(
  folder: DataFolder,
  { env, verbose, write, announce }: SessionOptions,
): Promise<void> {
  const [stop, teardown, watch] = [listenForStop(), createTeardown(), createWatch()]
  const step = createSteps(write, stop.signal)
  const host = env.HOST || '127.0.0.1'
  const stopFollowing = verbose ? followLogs(folder.logs, write) : () => {}
  try {
    await step(
      'Data folder',
      () => clear(folder),
      () => folder.root,
    )
    const port = await step('Port', () => claimPort(env, host), String)
    const baseUrl = baseUrlOf(host, port)
    const run = await bringUp({
      env,
      folder,
      host,
      port,
      baseUrl,
      step,
      teardown,
      watch,
      signal: stop.signal,
    })
    writeRunFile(folder.root, run)
    await announce(run)
    const death = await Promise.race([watch.died, stop.requested])
    if (death) throw death
  } catch (error) {
    if (!(error instanceof StopRequested)) throw error
  } finally {
    watch.close()
    removeRunFile(folder.root)
    await teardown.run(createSteps(write))
    await endOrphans(folder.children)
    stopFollowing()
    stop.close()
  }
}

/** Orphans first: an API that a killed start left behind would hold our own port. */
async function clear(folder: DataFolder): Promise<void> {
  await endOrphans(folder.children)
  removeRunFile(folder.root)
}

function refuseProduction({ NODE_ENV }: NodeJS.ProcessEnv): void {
  if (NODE_ENV !== 'production' && NODE_ENV !== 'staging') return
  throw new AppError(
    'invalid',
    'start.not_in_production',
    `"cargoparts start" is for development: it brings its own database, demo accounts and a payment sandbox. ` +
      `With NODE_ENV=${NODE_ENV} run "cargoparts serve" and "cargoparts work" instead.`,
  )
}
