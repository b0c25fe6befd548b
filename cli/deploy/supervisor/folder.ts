import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'

/** What the operator decides about a deploy folder: `deploy.json` in it. */
export type Settings = {
  /** -1: systemd holds the port. */
  port: number
  host: string
  /** How many processes of each kind. */
  api: number
  workers: number
  /** How long a process that leaves may keep its connections. */
  drainSeconds: number
  /** How long a new release may take to be ready. */
  readySeconds: number
  /** How many releases are kept. */
  keep: number
  /** Who starts the supervisor and keeps it: pm2, or nobody we call (systemd starts it itself). */
  manager: 'none' | 'pm2'
  /** Where releases run: processes of this machine under the supervisor, or containers of docker compose. */
  target: 'processes' | 'compose'
}

export const DEFAULTS: Settings = {
  ...{ port: 3000, host: '0.0.0.0', api: 2, workers: 1, drainSeconds: 30, readySeconds: 30, keep: 5 },
  manager: 'none',
  target: 'processes',
}

export type Paths = ReturnType<typeof pathsOf>

/** Where everything of a deploy folder is. */
export const pathsOf = (root: string) => ({
  root,
  settings: path.join(root, 'deploy.json'),
  environment: path.join(root, 'shared', 'env'),
  releases: path.join(root, 'releases'),
  artefacts: path.join(root, 'artefacts'),
  dependencies: path.join(root, 'dependencies'),
  current: path.join(root, 'current'),
  hooks: path.join(root, 'hooks'),
  history: path.join(root, 'deploys.jsonl'),
  lock: path.join(root, 'lock.json'),
  logs: path.join(root, 'logs'),
  supervisor: path.join(root, 'supervisor'),
  ecosystem: path.join(root, 'ecosystem.config.cjs'),
  compose: path.join(root, 'compose'),
  run: path.join(root, 'run'),
  control: path.join(root, 'run', 'control.sock'),
  release: (id: string) => path.join(root, 'releases', id),
})

export function readSettings(paths: Paths): Settings {
  // the command that writes it checks it; what an editor broke fails here, by name
  return { ...DEFAULTS, ...(JSON.parse(readFileSync(paths.settings, 'utf8')) as Partial<Settings>) }
}

/** The environment of the releases: what the supervisor was started with, and over it the file in the folder. */
export function environmentOf(paths: Paths, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = existsSync(paths.environment) ? parseEnv(readFileSync(paths.environment, 'utf8')) : {}
  return { NODE_ENV: 'production', ...inherited, ...own }
}

/** The release that is live, and is started with the machine. */
export function currentOf(paths: Paths): string | null {
  try {
    return path.basename(readlinkSync(paths.current))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** In one step: whoever looks finds the release before, or this. */
export function makeCurrent(paths: Paths, release: string): void {
  const draft = `${paths.current}.next`
  rmSync(draft, { force: true })
  symlinkSync(path.join('releases', release), draft)
  renameSync(draft, paths.current)
}
