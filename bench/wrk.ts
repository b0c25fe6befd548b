import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { root, run } from './child.js'
import type { Closing } from './closing.js'

/** What one run of wrk saw. `failed` are answers other than 2xx and 3xx, `broken` what the sockets did. */
export type Load = {
  requests: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  failed: number
  broken: number
}
export type Aim = { baseUrl: string; method: 'GET' | 'POST'; pathsFile: string; token?: string | undefined }

export const CONNECTIONS = 16
const MS: Record<string, number> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

export function assertWrk(): void {
  if (!spawnSync('wrk', ['-v']).error) return
  throw new Error(
    'The load is made by wrk, which is not installed here: sudo apt-get install wrk, or brew install wrk.',
  )
}

/** One thread of load is enough to fill the API's one; more would take the cores that are measured. */
export async function load(closing: Closing, aim: Aim, seconds: number): Promise<Load> {
  const { code, stdout, stderr } = await run(closing, 'wrk', [
    ...['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--timeout', '10s', '--latency'],
    ...['-s', path.join(root, 'bench/load.lua'), aim.baseUrl, '--', aim.method, aim.pathsFile],
    ...(aim.token ? [aim.token] : []),
  ])
  if (code !== 0) throw new Error(`wrk ended with ${code}: ${stderr || stdout}`)
  return readReport(stdout)
}

export function readReport(text: string): Load {
  const number = (pattern: RegExp) => Number(find(text, pattern)[1])
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)
  return {
    requests: number(/(\d+) requests in /),
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Ms: milliseconds(text, '50%'),
    p99Ms: milliseconds(text, '99%'),
    failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
    broken: (errors ?? []).slice(1).reduce((sum, each) => sum + Number(each), 0),
  }
}

function milliseconds(text: string, share: string): number {
  const [, value, unit] = find(text, new RegExp(`^\\s+${share}\\s+([\\d.]+)(us|ms|s|m|h)$`, 'm'))
  return Number(value) * (MS[unit as string] as number)
}

function find(text: string, pattern: RegExp): RegExpExecArray {
  const match = pattern.exec(text)
  if (!match) throw new Error(`wrk's report does not say ${pattern}:\n${text}`)
  return match
}
