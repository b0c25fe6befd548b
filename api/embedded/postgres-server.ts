import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../platform/errors.js'
import { linesSince, markLog, withLog } from './log-file.js'
import { ask, freePort, LOOPBACK } from './loopback.js'
import { programEnv } from './postgres-cluster.js'
import type { Home } from './postgres-home.js'
import { readIfPresent } from './private-file.js'
import { commandLine, endProcess, identify, isAlive, type ProcessIdentity, waitFor } from './process.js'

export type Server = { who: ProcessIdentity; port: number }

/** SSLRequest: the one message a PostgreSQL answers (S or N) before it knows who is asking. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** The server a killed parent left behind, once it is ready; null when there is none. */
export async function findServer(cluster: string): Promise<Server | null> {
  const file = readPidFile(cluster)
  const who = file && identify(file.pid)
  if (!file || !who) return null
  if (!isPostmasterOf(cluster, who.pid)) {
    // After a reboot the number may belong to anybody. PostgreSQL would refuse to start because of it.
    rmSync(join(cluster, 'postmaster.pid'), { force: true })
    return null
  }
  const settled = await waitFor(async () => !isAlive(who) || (await isReady(cluster, who)), 30_000)
  if (!settled) await stopServer(who)
  const port = readPidFile(cluster)?.port
  return isAlive(who) && port !== undefined ? { who, port } : null
}

export async function launchServer(
  home: Home,
  log: string,
  wantedPort?: number,
  more: readonly string[] = [],
): Promise<Server> {
  const port = wantedPort ?? (await freePort())
  const mark = markLog(log)
  const program = join(home.binaries.native, 'bin', 'postgres')
  const child = withLog(log, descriptor =>
    spawn(program, ['-D', home.cluster, ...settings(home, port, more).flatMap(s => ['-c', s])], {
      ...home.account,
      cwd: '/',
      env: programEnv(home),
      // A session of its own: Ctrl-C in the terminal reaches us, and we stop the servers in order.
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
    }),
  )
  const ended = new Promise<void>(resolve =>
    child.once('error', () => resolve()).once('exit', () => resolve()),
  )
  child.unref()
  const who = child.pid === undefined ? null : identify(child.pid)
  let isGone = who === null
  ended.then(() => {
    isGone = true
  })
  if (who) await waitFor(async () => isGone || (await isReady(home.cluster, who)), 60_000)
  if (who && !isGone && (await isReady(home.cluster, who))) return { who, port }
  if (who) await stopServer(who)
  throw new AppError(
    'unavailable',
    'embedded.postgres_failed',
    `The embedded PostgreSQL did not start:\n${linesSince(mark)}\n(${log})`,
  )
}

/** Fast shutdown, then immediate, then the hard way; a cluster survives all three. */
export async function stopServer(who: ProcessIdentity): Promise<void> {
  await endProcess(who, [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ])
}

function settings(home: Home, port: number, more: readonly string[]): string[] {
  const statements = join(home.binaries.native, 'lib', 'postgresql')
  const isShipped = ['so', 'dylib'].some(ending =>
    existsSync(join(statements, `pg_stat_statements.${ending}`)),
  )
  return [
    `listen_addresses=${LOOPBACK}`,
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(isShipped ? ['shared_preload_libraries=pg_stat_statements'] : []),
    ...more,
  ]
}

async function isReady(cluster: string, who: ProcessIdentity): Promise<boolean> {
  const file = readPidFile(cluster)
  if (file?.pid !== who.pid || file.status !== 'ready') return false
  return (await ask(file.port, SSL_REQUEST, answer => answer.length > 0)) !== null
}

function isPostmasterOf(cluster: string, pid: number): boolean {
  const words = commandLine(pid).join(' ')
  return words.includes('/bin/postgres ') && words.includes(` -D ${cluster} `)
}

function readPidFile(cluster: string): { pid: number; port: number; status: string } | null {
  const lines = readIfPresent(join(cluster, 'postmaster.pid'))?.split('\n')
  if (!lines) return null
  // pid, data folder, start time, port, socket folder, address, shared memory, status
  return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() }
}
