import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from './project-root.js'

/** A server that runs on this machine; unpacked ones bring libraries the loader must be told about. */
export type RedisProgram = { path: string; libraryPath?: string }

export const SERVER_NAMES = ['redis-server', 'valkey-server']

/** Where the copy fetched at install time lies. */
export const installedCopy = (): string =>
  join(projectRoot(), 'node_modules', '.cache', 'cargoparts', 'redis')

/** `path` stands in for PATH; without it the environment's own counts, and Homebrew's usual places. */
export function redisOnPath(path?: string): RedisProgram | null {
  const env = path === undefined ? {} : { env: { PATH: path } }
  for (const name of SERVER_NAMES) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${name}`], {
      ...env,
      encoding: 'utf8',
    }).stdout.trim()
    if (found !== '' && runs({ path: found })) return { path: found }
  }
  const homebrew =
    path === undefined && process.platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin'] : []
  const places = homebrew.flatMap(folder => SERVER_NAMES.map(name => ({ path: join(folder, name) })))
  return places.find(runs) ?? null
}

/** The server in an unpacked package tree. */
export function redisIn(root: string): RedisProgram | null {
  const libraryPath = libraryFolders(root).join(':')
  const programs = SERVER_NAMES.map(name => ({ path: join(root, 'usr', 'bin', name), libraryPath }))
  return programs.find(runs) ?? null
}

/** Added in front of the command, so that the rest of the environment stays as it is. */
export function commandOf({ path, libraryPath }: RedisProgram): [string, string[]] {
  return libraryPath ? ['/usr/bin/env', [`LD_LIBRARY_PATH=${libraryPath}`, path]] : [path, []]
}

function runs(program: RedisProgram): boolean {
  if (!existsSync(program.path)) return false
  const [command, args] = commandOf(program)
  return spawnSync(command, [...args, '--version'], { stdio: 'ignore' }).status === 0
}

function libraryFolders(root: string): string[] {
  if (!existsSync(root)) return []
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return [...new Set(files.filter(file => /\.so(\.|$)/.test(file)).map(file => join(root, dirname(file))))]
}
