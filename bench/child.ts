import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Closing } from './closing.js'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const READY_MS = 20_000
const GOODBYE_MS = 30_000

type Env = Record<string, string>
/** `said` is what the pattern matched in its log. */
export type Running = { pid: number; log: string; said: string[]; stop(): Promise<void> }
export type Ended = { code: number | null; stdout: string; stderr: string }

/** A compiled program of ours as a process of its own, ready when its log matches the pattern. */
export function start(
  closing: Closing,
  script: string,
  env: Env,
  log: string,
  ready: RegExp,
): Promise<Running> {
  return closing.keep(
    async () => {
      rmSync(log, { force: true }) // what an earlier one of the name said is not its own
      // appended to, so that the file can be emptied while the process goes on writing
      const descriptor = openSync(log, 'a')
      const child = spawn(process.execPath, [path.join(root, 'dist', script)], {
        env: bare(env),
        stdio: ['ignore', descriptor, descriptor],
      })
      closeSync(descriptor)
      const said = await logged(child, log, ready).catch(async error => {
        await stop(child)
        throw error
      })
      return { pid: child.pid as number, log, said, stop: () => stop(child) }
    },
    running => running.stop(),
  )
}

/** A program run to its end. Ended early, when the run is. */
export async function run(closing: Closing, command: string, args: string[], env: Env = {}): Promise<Ended> {
  const { ended } = await closing.keep(
    () => {
      const child = spawn(command, args, { env: bare(env), stdio: ['ignore', 'pipe', 'pipe'] })
      return { child, ended: outcome(child) }
    },
    ({ child }) => stop(child),
  )
  return ended
}

/** Listens from the start: a program that is not there says so before anybody awaits it. */
function outcome(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const own = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', chunk => {
      own[name] += String(chunk)
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, ...own }))
  })
}

/** Nothing of the shell's own settings reaches what is measured. */
function bare(env: Env): Env {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, ...env }
}

async function logged(child: ChildProcess, log: string, ready: RegExp): Promise<string[]> {
  const deadline = performance.now() + READY_MS
  for (;;) {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
    const match = ready.exec(text)
    if (match) return [...match]
    if (hasEnded(child) || performance.now() > deadline)
      throw new Error(`${child.spawnargs.at(-1)} did not become ready:\n${text.slice(-2_000)}`)
    await wait(20)
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), GOODBYE_MS)
  await gone
  clearTimeout(late)
}
