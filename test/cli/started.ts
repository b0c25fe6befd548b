import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { identify, isAlive, type ProcessIdentity, waitFor } from '../../api/embedded/process.js'
import { projectRoot } from '../../api/embedded/project-root.js'
import { type RunFile, readRunFile } from '../../cli/start/run-file.js'

const RUN = join(projectRoot(), 'bin', 'run.js')
const SETTINGS = /^(DATABASE|REDIS|TAP|JWT|SESSION|PAYMENT|AUDIT|API|APP|CARGOPARTS)_|^(NODE_ENV|PORT|HOST)$/
const READY_WITHIN_MS = 90_000

export type Ended = { code: number | null; stdout: string; stderr: string }

/** `cargoparts start` as a process of its own, with what it printed and how it ended. */
export type Started = { child: ChildProcess; ended: Promise<Ended> }

export function startCommand(env: NodeJS.ProcessEnv, ...flags: string[]): Started {
  // What the surrounding test run set must not reach it: it brings its own.
  const own = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name))
  const child = spawn(process.execPath, [RUN, 'start', ...flags], {
    env: { ...Object.fromEntries(own), SCRYPT_COST_LOG2: '10', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => {
    stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    stderr += String(chunk)
  })
  const ended = new Promise<Ended>(resolve => {
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
  return { child, ended }
}

/** Waits for run.json, which is written when everything is ready; fails with the output when it ends instead. */
export async function untilReady(started: Started, dataDir: string): Promise<RunFile> {
  let over: Ended | undefined
  started.ended.then(end => {
    over = end
  })
  const isOurs = () => readRunFile(dataDir)?.pid === started.child.pid
  await waitFor(() => over !== undefined || isOurs(), READY_WITHIN_MS)
  const run = readRunFile(dataDir)
  if (run === null || !isOurs())
    throw new Error(`start did not become ready\n${over?.stdout}\n${over?.stderr}`)
  return run
}

/** Every process of a running system, by id and start time. */
export async function processesOf(run: RunFile, dataDir: string): Promise<ProcessIdentity[]> {
  const { findServer } = await import('../../api/embedded/postgres-server.js')
  const { settleHome } = await import('../../api/embedded/postgres-home.js')
  const { readFileSync } = await import('node:fs')
  const postgres = await findServer(settleHome(join(dataDir, 'postgres')).cluster)
  const redis: { who: ProcessIdentity } = JSON.parse(
    readFileSync(join(dataDir, 'redis', 'redis.json'), 'utf8'),
  )
  const ids = [run.pid, run.apiPid, run.workerPid].map(identify)
  return [...ids, postgres?.who, redis.who].filter(who => who !== null && who !== undefined)
}

export function untilGone(processes: ProcessIdentity[]): Promise<boolean> {
  return waitFor(() => !processes.some(isAlive), 20_000)
}
