import { accessSync, constants, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AppError } from '../../api/platform/errors.js'
import { endOrphans } from './children.js'

/** Everything `cargoparts start` keeps between runs, and the only things `--reset` deletes. */
export type DataFolder = {
  root: string
  name: string
  lock: string
  secrets: string
  run: string
  children: string
  sandboxState: string
  sandboxPort: string
  logs: string
  files: string
  postgres: string
  redis: string
}

export function dataDirOf(env: NodeJS.ProcessEnv, cwd = process.cwd()): string {
  return resolve(cwd, env.CARGOPARTS_DATA || '.cargoparts')
}

export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true })
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError(
      'invalid',
      'start.data_folder',
      `The data folder cannot be used: ${reason}`,
      {},
      { cause },
    )
  }
  const root = realpathSync(path)
  return {
    root,
    name: basename(root),
    lock: join(root, 'start.lock'),
    secrets: join(root, 'secrets.json'),
    run: join(root, 'run.json'),
    children: join(root, 'children.json'),
    sandboxState: join(root, 'sandbox.json'),
    sandboxPort: join(root, 'sandbox-port'),
    logs: join(root, 'logs'),
    files: join(root, 'files'),
    postgres: join(root, 'postgres'),
    redis: join(root, 'redis'),
  }
}

/** Deletes what we made and nothing else: the folder may be one that holds other things too. */
export async function emptyDataFolder(folder: DataFolder): Promise<void> {
  const { removePostgres } = await import('../../api/embedded/postgres.js')
  const { removeRedis } = await import('../../api/embedded/redis.js')
  // Before the record of them is gone: what a killed start left behind must not live on unknown.
  await endOrphans(folder.children)
  await removePostgres(folder.postgres)
  await removeRedis(folder.redis)
  for (const path of [
    folder.secrets,
    folder.run,
    folder.children,
    folder.sandboxState,
    folder.sandboxPort,
    folder.logs,
    folder.files,
  ]) {
    rmSync(path, { recursive: true, force: true })
  }
  openDataFolder(folder.root)
}
