import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../platform/errors.js'
import { type RedisProgram, redisIn, SERVER_NAMES } from './redis-find.js'

/**
 * Unpacks the distribution's own Redis (or Valkey) into `target`, without installing anything and without root.
 * apt knows which libraries come along: only what this machine lacks is fetched.
 */
export function fetchRedis(target: string): RedisProgram {
  mkdirSync(dirname(target), { recursive: true })
  const work = mkdtempSync(`${target}.`)
  try {
    moveInto(target, unpackFirst(work))
    const program = redisIn(target)
    if (!program) throw new Error(`no server program in ${target}`)
    return program
  } catch (cause) {
    throw new AppError('unavailable', 'embedded.redis_fetch_failed', reasonOf(cause), {}, { cause })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Tries the machine's package lists first; where there are none, or stale ones, fresh lists of our own. */
function unpackFirst(work: string): string {
  let failure: unknown
  for (const makeLists of [() => [], () => freshLists(work)]) {
    const options = makeLists()
    for (const name of SERVER_NAMES) {
      try {
        return unpack(work, name, options)
      } catch (error) {
        failure = error
      }
    }
  }
  throw failure
}

function unpack(work: string, name: string, options: string[]): string {
  const root = join(work, 'root')
  const downloads = join(work, name)
  mkdirSync(downloads, { recursive: true })
  run('apt-get', [...options, ...NO_SANDBOX, 'download', ...missingPackages(name, options)], downloads)
  for (const file of readdirSync(downloads).filter(file => file.endsWith('.deb'))) {
    run('dpkg-deb', ['-x', join(downloads, file), root])
  }
  if (!redisIn(root)) throw new Error(`the package ${name} holds no server that runs here`)
  return root
}

/** What an installation would add to this machine, in apt's own words: `Inst libjemalloc2 (5.3.0-1 …)`. */
function missingPackages(name: string, options: string[]): string[] {
  const simulation = ['-s', '-o', 'Debug::NoLocking=1', 'install', '--no-install-recommends', name]
  const packages = [...run('apt-get', [...options, ...simulation]).matchAll(/^Inst (\S+)/gm)]
  // Installed already, yet not on PATH: its files still are what we need.
  return packages.length > 0 ? packages.flatMap(match => match[1] ?? []) : [name]
}

/** As root, apt would hand downloads to a user of its own, who cannot enter our folders. */
const NO_SANDBOX = ['-o', 'APT::Sandbox::User=root']

function freshLists(work: string): string[] {
  const [lists, cache] = [join(work, 'lists'), join(work, 'cache')]
  for (const folder of [lists, join(cache, 'archives')])
    mkdirSync(join(folder, 'partial'), { recursive: true })
  const options = [
    '-o',
    `Dir::State::Lists=${lists}`,
    '-o',
    `Dir::Cache=${cache}`,
    '-o',
    'Debug::NoLocking=1',
  ]
  run('apt-get', [...options, ...NO_SANDBOX, 'update'])
  return options
}

function moveInto(target: string, draft: string): void {
  if (existsSync(target) && !redisIn(target)) rmSync(target, { recursive: true, force: true })
  try {
    renameSync(draft, target)
  } catch (error) {
    // Somebody else fetched it meanwhile; theirs is as good.
    if (!existsSync(target)) throw error
  }
}

function run(program: string, args: string[], cwd = '/'): string {
  // Through env, so that proxies set for the user keep their effect and apt still speaks English.
  return execFileSync('/usr/bin/env', ['LC_ALL=C', program, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  })
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if ('status' in cause && cause.status === 127) return 'this system has no apt-get and dpkg-deb'
  const output = 'stderr' in cause ? String(cause.stderr) : ''
  // apt's own E: line says more than "command failed".
  return output.match(/^E: .*/m)?.[0] ?? cause.message.split('\n')[0] ?? cause.message
}
