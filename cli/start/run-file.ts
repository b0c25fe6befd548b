import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { isAlive } from '../../api/embedded/process.js'

/** Where the running system is, for the commands typed beside it. */
export type RunFile = {
  pid: number
  pidStartedAt: string
  baseUrl: string
  docsUrl: string
  apiPid: number
  workerPid: number
  postgresPort: number | null
  redisPort: number | null
  sandboxUrl: string | null
  /** Whether the demo accounts are in the database. */
  hasDemo: boolean
  startedAt: string
  /** What another command needs to reach the same services. Holds secrets: the file is 0600. */
  env: Record<string, string>
}

/** Null when nothing runs on this data folder, whatever an earlier run left written there. */
export function readRunFile(dataDir: string): RunFile | null {
  const run = parse(readIfPresent(join(dataDir, 'run.json')))
  return run && isAlive({ pid: run.pid, startedAt: run.pidStartedAt }) ? run : null
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  writePrivate(join(dataDir, 'run.json'), `${JSON.stringify(run, null, 2)}\n`)
}

export function removeRunFile(dataDir: string): void {
  rmSync(join(dataDir, 'run.json'), { force: true })
}

function parse(text: string | null): RunFile | null {
  try {
    // Ours alone writes it, in one step; a file broken by hand counts as none.
    return text === null ? null : (JSON.parse(text) as RunFile)
  } catch {
    return null
  }
}
