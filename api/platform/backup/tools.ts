import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../errors.js'

export type Tool = 'pg_dump' | 'pg_restore'

/** Where packages put them, beside what PATH finds. */
const FOLDERS = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt']

/** PostgreSQL's own tool, of the server's version or newer: an older one refuses it. */
export function findTool(tool: Tool, serverMajor: number): string {
  const found = candidates(tool).flatMap(file => {
    const major = majorOf(file)
    return major === null ? [] : [{ file, major }]
  })
  const fit = found.filter(({ major }) => major >= serverMajor).sort((a, b) => a.major - b.major)[0]
  if (fit) return fit.file
  const there = found.length > 0 ? `Found are those of ${found.map(({ major }) => major).join(', ')}. ` : ''
  throw new AppError(
    'unavailable',
    'backup.no_tools',
    `${tool} of PostgreSQL ${serverMajor} or newer is not on this machine. ${there}Install PostgreSQL's client tools (Debian: postgresql-client-${serverMajor}), or let your provider make the copy.`,
    { tool, serverMajor },
  )
}

function candidates(tool: Tool): string[] {
  const inFolders = FOLDERS.filter(existsSync).flatMap(folder =>
    readdirSync(folder).map(name => path.join(folder, name, 'bin', tool)),
  )
  const onPath = spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()
  return [...new Set([...(onPath ? [onPath] : []), ...inFolders.filter(existsSync)])]
}

function majorOf(file: string): number | null {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  const [, major] = /\) (\d+)/.exec(stdout ?? '') ?? []
  return major === undefined ? null : Number(major)
}

/** Runs it to its end. The password goes by the environment: arguments are for everybody on the machine to read. */
export async function runTool(file: string, databaseUrl: string, args: string[]): Promise<void> {
  const url = new URL(databaseUrl)
  const password = decodeURIComponent(url.password)
  url.password = ''
  const child = spawn(file, [...args, '--no-password', `--dbname=${url.href}`], {
    env: { PGPASSWORD: password, PGAPPNAME: 'cargoparts-backup', LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4_000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return
  throw new AppError('conflict', 'backup.tool_failed', `${path.basename(file)} failed: ${said.trim()}`, {
    code,
  })
}
