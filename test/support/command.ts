import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { testEnvironment } from './environment.js'

export const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

export type Ended = { code: number | null; stdout: string; stderr: string }
export type Env = Record<string, string>
// what a command printed is for the test to judge: its shape is asserted there
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape
export type Json = any

/** What a command sees of this machine: nothing of the run that tests it, no services, no terminal. */
export function bareEnvironment(over: Env = {}): Env {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, CARGOPARTS_DATA: '/nonexistent', ...over }
}

/** An operator's environment for the services of a test. */
export function operatorEnvironment(over: Env): Env {
  return bareEnvironment(testEnvironment(over))
}

/** Runs a program to its end. */
export function runNode(args: string[], env: Env, cwd?: string): Promise<Ended> {
  return ended(spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** `cargoparts …`, as a script would run it. */
export function cargoparts(args: string[], env: Env = bareEnvironment(), cwd?: string): Promise<Ended> {
  return runNode([BIN, ...args], env, cwd)
}

/** A shell line with `cargoparts` in it, for pipes. */
export function shell(line: string, env: Env): Promise<Ended> {
  const script = `cargoparts() { "${process.execPath}" "${BIN}" "$@"; }\n${line}`
  return ended(spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** The command at a terminal of its own: types `answer` when `prompt` is shown. stdout holds all it showed. */
export function atTerminal(args: string[], env: Env, prompt: RegExp, answer: string): Promise<Ended> {
  const line = [process.execPath, BIN, ...args].map(word => `'${word}'`).join(' ')
  // script(1) ends with the exit code of what it runs
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env: { ...env, TERM: 'xterm' } })
  let shown = ''
  let isAnswered = false
  child.stdout.on('data', chunk => {
    shown += String(chunk)
    if (isAnswered || !prompt.test(shown)) return
    isAnswered = true
    child.stdin.write(answer)
  })
  return ended(child)
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', chunk => {
    stdout += String(chunk)
  })
  child.stderr?.on('data', chunk => {
    stderr += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
}

/** The one document on stdout; anything beside it fails. */
export const json = ({ stdout }: Ended): Json => JSON.parse(stdout)

/** The error envelope, and that it is alone. */
export function envelope(end: Ended): { kind: string; code: string; message: string; details: Json } {
  const document = json(end)
  if (Object.keys(document).join() !== 'error') throw new Error(`no error envelope: ${end.stdout}`)
  if (Object.keys(document.error).join() !== 'kind,code,message,details')
    throw new Error(`not an envelope's fields: ${end.stdout}`)
  return document.error
}
