import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that a later start can recognise: pids are used again, a pid with its start time is not. */
export type ProcessIdentity = { pid: number; startedAt: string }

/** When the process started, in the system's own words; null when no such process runs (or it is a zombie). */
export function startedAt(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  return process.platform === 'linux' ? startedAtLinux(pid) : fromPs(pid, 'lstart=')
}

export function identify(pid: number): ProcessIdentity | null {
  const started = startedAt(pid)
  return started === null ? null : { pid, startedAt: started }
}

export function isAlive(who: ProcessIdentity): boolean {
  const started = startedAt(who.pid)
  return started !== null && started === who.startedAt
}

/** The words the process was started with; empty when it is gone or hidden from us. */
export function commandLine(pid: number): string[] {
  if (process.platform !== 'linux') return (fromPs(pid, 'command=') ?? '').split(' ')
  return (readIfThere(`/proc/${pid}/cmdline`) ?? '').split('\0')
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // Already gone is what a stop wants to hear.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** True as soon as `condition` holds, false when it has not within the time. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 10,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await sleep(everyMs)
  }
  return true
}

/** Sends one signal after the other until the process is gone; each has its own patience. */
export async function endProcess(who: ProcessIdentity, signals: [NodeJS.Signals, number][]): Promise<void> {
  for (const [signal, patienceMs] of signals) {
    if (!isAlive(who)) return
    signalProcess(who.pid, signal)
    if (await waitFor(() => !isAlive(who), patienceMs)) return
  }
}

function startedAtLinux(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === null) return null
  // The command name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, ticks] = [fields[0], fields[19]]
  // An init that never reaps (common in containers) leaves zombies; they hold nothing any more.
  if (state === 'Z' || state === 'X' || ticks === undefined) return null
  // Ticks count from boot: after a restart of the machine the same pid could show the same ticks.
  const boot = (readIfThere('/proc/sys/kernel/random/boot_id') ?? '').slice(0, 8)
  return `${boot}:${ticks}`
}

function fromPs(pid: number, column: string): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'state=', '-o', column, '-p', String(pid)], {
      encoding: 'utf8',
    }).trim()
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '')
  } catch {
    return null // ps exits 1 when there is no such process
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
