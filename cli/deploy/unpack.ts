import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { type Artefact, releasesIn } from './artefact.js'
import { bad, readManifest } from './manifest.js'
import { type Run, runProgram } from './program.js'
import type { Paths } from './supervisor/folder.js'

/** Puts a release into a folder of its own, whole from its first moment. False where it was there. */
export async function unpack(paths: Paths, { file, release, manifest }: Artefact): Promise<boolean> {
  const folder = paths.release(release)
  if (existsSync(folder)) {
    if (readManifest(folder).commit !== manifest.commit)
      throw bad(`${folder} is of another commit than the artefact, though it has its name.`)
    return false
  }
  if (!file) throw bad(`${folder} is gone.`)
  const { extract } = await import('tar')
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  // in one go: seen to wait for ever on a busy machine where its writes run side by side
  extract({ file, cwd: partial, strip: 1, strict: true, sync: true })
  if (!existsSync(path.join(partial, 'bin', 'run.js'))) throw bad(`${file} lacks bin/run.js.`)
  renameSync(partial, folder)
  return true
}

/**
 * Gives a release what it depends on, exactly as its lockfile says. Releases with the same lockfile share it; it is
 * never installed into, so what runs keeps what it has.
 */
export async function installDependencies(paths: Paths, release: string, run: Run): Promise<string> {
  const folder = paths.release(release)
  const link = path.join(folder, 'node_modules')
  if (lstatSync(link, { throwIfNoEntry: false })) return 'there already'
  const store = path.join(paths.dependencies, dependenciesOf(folder))
  const isThere = existsSync(path.join(store, 'node_modules'))
  if (!isThere) {
    const partial = `${store}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    for (const name of ['package.json', 'package-lock.json'])
      copyFileSync(path.join(folder, name), path.join(partial, name))
    await runProgram('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
      ...run,
      cwd: partial,
    })
    mkdirSync(path.join(partial, 'node_modules'), { recursive: true })
    renameSync(partial, store)
  }
  symlinkSync(path.relative(folder, path.join(store, 'node_modules')), link)
  return isThere ? 'those of an earlier release: the lockfile is the same' : 'installed from the lockfile'
}

/** By the lockfile, and what compiled parts are made for. */
export function dependenciesOf(folder: string): string {
  const lockfile = readFileSync(path.join(folder, 'package-lock.json'))
  const made = `${process.platform}-${process.arch}-${process.versions.modules}`
  return `${createHash('sha256').update(lockfile).digest('hex').slice(0, 16)}-${made}`
}

/** Removes all but the newest releases, those in use aside, and the dependencies nobody has any more. */
export function tidy(paths: Paths, { keep, inUse }: { keep: number; inUse: ReadonlySet<string> }): string[] {
  const age = (release: string) => statSync(paths.release(release)).mtimeMs
  const byAge = releasesIn(paths).sort((a, b) => age(b) - age(a))
  const order = [...new Set([...byAge.filter(release => inUse.has(release)), ...byAge])]
  const kept = new Set(order.slice(0, Math.max(keep, inUse.size)))
  const removed = byAge.filter(release => !kept.has(release))
  for (const release of removed) {
    rmSync(paths.release(release), { recursive: true, force: true })
    rmSync(path.join(paths.logs, release), { recursive: true, force: true })
  }
  const used = new Set([...kept].map(release => storeOf(paths.release(release))))
  if (existsSync(paths.dependencies))
    for (const name of readdirSync(paths.dependencies))
      if (!used.has(name)) rmSync(path.join(paths.dependencies, name), { recursive: true, force: true })
  return removed
}

function storeOf(folder: string): string {
  try {
    return path.basename(path.dirname(readlinkSync(path.join(folder, 'node_modules'))))
  } catch {
    return ''
  }
}
