import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { AppError, type ErrorKind } from '../../api/platform/errors.js'

export type Run = {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Everything it prints is kept here. */
  log: string
  signal: AbortSignal
  /** What its last line is shown to, while it runs. */
  onLine?: (line: string) => void
  /** A command of a release, by its words: its exit codes are ours too. */
  words?: readonly string[]
}
export type Printed = { stdout: string; last: string }

const END_MS = 10_000

/**
 * Runs a program to its end. Throws with its last lines where that is not 0. An abort asks it to end, and waits: nothing
 * of a deploy works on behind its back.
 */
export function runProgram(command: string, args: string[], run: Run): Promise<Printed> {
  const said = [command, ...args].join(' ')
  appendFileSync(run.log, `$ ${said}\n`, { mode: 0o600 })
  const child = spawn(command, args, {
    cwd: run.cwd,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // a group of its own, so that the programs it starts in its turn are reached too
    detached: true,
  })
  let stdout = ''
  let tail: string[] = []
  const hear = (chunk: Buffer) => {
    appendFileSync(run.log, chunk)
    const lines = chunk.toString('utf8').split('\n').map(plain).filter(Boolean)
    tail = [...tail, ...lines].slice(-12)
    if (lines.length > 0) run.onLine?.(lines.at(-1) as string)
  }
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8')
    hear(chunk)
  })
  child.stderr.on('data', hear)
  const signalGroup = (name: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, name)
    } catch {
      // gone already, which is what was wanted
    }
  }
  let late: NodeJS.Timeout | undefined
  const stop = () => {
    signalGroup('SIGTERM')
    late = setTimeout(() => signalGroup('SIGKILL'), END_MS)
  }
  run.signal.addEventListener('abort', stop, { once: true })
  if (run.signal.aborted) stop()
  return new Promise<Printed>((resolve, reject) => {
    child.once('error', cause =>
      reject(
        new AppError(
          'unavailable',
          'deploy.no_program',
          `${command} cannot be run: ${cause.message}`,
          {},
          { cause },
        ),
      ),
    )
    child.once('close', (code, signal) => {
      if (code === 0) return resolve({ stdout, last: tail.at(-1) ?? '' })
      reject(failureOf(run.words ? `cargoparts ${run.words.join(' ')}` : said, run, code, signal, tail))
    })
  }).finally(() => {
    clearTimeout(late)
    run.signal.removeEventListener('abort', stop)
  })
}

const KINDS: Record<number, ErrorKind> = { 3: 'not_found', 4: 'conflict', 6: 'forbidden', 7: 'unavailable' }

/** In its first line what the program had to say last: that is all that some will read. */
function failureOf(
  said: string,
  { words }: Run,
  code: number | null,
  signal: NodeJS.Signals | null,
  tail: string[],
): AppError {
  const kind = (words && KINDS[code ?? 0]) ?? 'invalid'
  const at = tail.findLastIndex(line => line.startsWith('Error: '))
  const gist = at >= 0 ? ` ${tail[at]?.slice('Error: '.length)}` : ''
  const rest = tail.filter((_, index) => index !== at)
  const message = [`${said} ended with ${signal ?? `exit code ${code}`}:${gist}`, ...rest].join('\n')
  return new AppError(kind, 'deploy.program_failed', message, { exitCode: code })
}

/** Without colours, and what a progress bar writes over itself. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
  return (line.split('\r').at(-1) ?? '').replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').trimEnd()
}
