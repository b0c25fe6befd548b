import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const isLinux = process.platform === 'linux'
/** Asking `ps` starts a process each time, on the cores that are being measured. */
const EVERY_MS = isLinux ? 100 : 500

/** What a process holds in memory now, in MiB. */
export function rssMib(pid: number): number {
  if (!isLinux) return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** The most a process held while the work went on. */
export async function peakDuring<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ made: T; peakMib: number }> {
  let peakMib = rssMib(pid)
  const looking = setInterval(() => {
    try {
      peakMib = Math.max(peakMib, rssMib(pid))
    } catch {
      clearInterval(looking) // it has ended: the work will say so
    }
  }, EVERY_MS)
  try {
    const made = await work()
    return { made, peakMib }
  } finally {
    clearInterval(looking)
  }
}
