import { spawn } from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { linesSince, markLog } from '../../api/embedded/log-file.js'
import { waitFor } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'
import { talk } from './conversation.js'
import { runProgram } from './program.js'
import { type Paths, readSettings } from './supervisor/folder.js'

const UP_WITHIN_MS = 15_000

/** The supervisor's own files, outside every release: what is deployed cannot change what deploys it. */
export function installSupervisor(paths: Paths): void {
  const partial = `${paths.supervisor}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  cpSync(fileURLToPath(new URL('supervisor/', import.meta.url)), partial, {
    recursive: true,
    filter: from => !from.endsWith('.map'),
  })
  writeFileSync(path.join(partial, 'package.json'), '{ "type": "module" }\n')
  rmSync(paths.supervisor, { recursive: true, force: true })
  renameSync(partial, paths.supervisor)
}

export async function isSupervised(paths: Paths): Promise<boolean> {
  try {
    ;(await talk(paths.control)).close()
    return true
  } catch {
    return false
  }
}

/** Starts the supervisor where none runs: it goes on when the command that started it has ended. True where it did. */
export async function ensureSupervisor(paths: Paths, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (await isSupervised(paths)) return false
  if (!existsSync(path.join(paths.supervisor, 'main.js'))) installSupervisor(paths)
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 })
  if (readSettings(paths).manager === 'pm2') return startByPm2(paths, env)
  const log = path.join(paths.logs, 'supervisor.log')
  const mark = markLog(log)
  const out = openSync(log, 'a', 0o600)
  const child = spawn(process.execPath, [path.join(paths.supervisor, 'main.js'), paths.root], {
    cwd: paths.root,
    env,
    detached: true,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  child.unref()
  let isGone = false
  child.once('exit', () => {
    isGone = true
  })
  child.once('error', () => {
    isGone = true
  })
  if (await waitFor(async () => isGone || (await isSupervised(paths)), UP_WITHIN_MS, 50))
    if (!isGone) return true
  throw new AppError(
    'unavailable',
    'deploy.no_supervisor',
    `The supervisor did not start. Its last lines, from ${log}:\n${linesSince(mark)}`,
  )
}

/** pm2 is the operator's own, found on the PATH; it keeps the supervisor from then on. */
async function startByPm2(paths: Paths, env: NodeJS.ProcessEnv): Promise<true> {
  const log = path.join(paths.logs, 'supervisor.log')
  const { signal } = new AbortController()
  await runProgram('pm2', ['start', paths.ecosystem], { cwd: paths.root, env, log, signal })
  if (await waitFor(() => isSupervised(paths), UP_WITHIN_MS, 50)) return true
  const message = 'pm2 started the supervisor, but it does not answer: `pm2 logs cargoparts` says why.'
  throw new AppError('unavailable', 'deploy.no_supervisor', message)
}
