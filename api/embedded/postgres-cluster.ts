import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../platform/errors.js'
import type { Home } from './postgres-home.js'

/** The builtin provider needs no locale of the system. With `--locale=C` Arabic has no trigrams at all. */
const LOCALE = [
  ...['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ...['--lc-collate=C', '--lc-ctype=C.UTF-8'],
]

const ARABIC_CHECK = `create extension if not exists pg_trgm
select similarity('فلتر زيت', 'فلتر هواء') > 0 as arabic_trigrams
`

/** Runs initdb once. It works in a folder of its own, so that a killed initdb leaves no half cluster behind. */
export function ensureCluster(home: Home, password: string, ephemeral: boolean): void {
  if (existsSync(join(home.cluster, 'PG_VERSION'))) return
  const draft = `${home.cluster}.${process.pid}.new`
  const passwordFile = `${draft}.password`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [draft, passwordFile]) giveTo(home, path)
  try {
    const options = [
      ...LOCALE,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-instructions',
    ]
    run(home, 'initdb', ['-D', draft, ...options, ...(ephemeral ? ['--no-sync'] : [])])
    renameSync(draft, home.cluster)
  } catch (error) {
    // Two starts at once: the slower one takes the cluster of the faster.
    if (!existsSync(join(home.cluster, 'PG_VERSION'))) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(passwordFile, { force: true })
  }
}

/** Fails when the cluster cannot search Arabic. Single-user mode answers in 50 ms and needs no connection. */
export function assertArabicTrigrams(home: Home): void {
  const output = run(home, 'postgres', ['--single', '-D', home.cluster, 'postgres'], ARABIC_CHECK)
  if (/arabic_trigrams = "t"/.test(output)) return
  throw new AppError(
    'internal',
    'embedded.no_arabic_trigrams',
    `The PostgreSQL cluster in ${home.cluster} finds no Arabic trigrams: part search would stay empty. ` +
      'It was made with another locale; remove it with "cargoparts start --reset".',
  )
}

/** Only what the programs need: PG* variables of the user's shell must not reach them. */
export function programEnv(home: Home): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...home.binaries.env }
}

function run(home: Home, program: string, args: string[], input = ''): string {
  const path = join(home.binaries.native, 'bin', program)
  const { account } = home
  // cwd: initdb and postgres fail in a folder their user may not enter.
  const result = spawnSync(path, args, {
    ...account,
    cwd: '/',
    env: programEnv(home),
    input,
    encoding: 'utf8',
  })
  // a program that ends before it has read its input says why itself
  if (result.error && !(isBrokenPipe(result.error) && result.stderr)) {
    throw failed(program, result.error.message, result.error)
  }
  if (result.status !== 0) throw failed(program, (result.stderr || result.stdout).trim())
  return result.stdout
}

const isBrokenPipe = (error: Error): boolean => 'code' in error && error.code === 'EPIPE'

function failed(program: string, output: string, cause?: unknown): AppError {
  const message = `The embedded PostgreSQL's ${program} failed: ${output.slice(-2000)}`
  return new AppError('unavailable', `embedded.${program}_failed`, message, { output }, { cause })
}

function giveTo({ account }: Home, path: string): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid)
}
