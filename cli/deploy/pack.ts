import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AppError } from '../../api/platform/errors.js'
import { type Check, MANIFEST, type Manifest, releaseOf, sha256 } from './manifest.js'

type Options = { source: string; into: string; commit: string; checks: Check[]; reason: string | null }
export type Packed = { file: string; sha256: string; bytes: number; manifest: Manifest }
type Package = { name: string; version: string; files: string[]; engines: { node: string } }

/**
 * Makes an artefact of what was built in `source`: what package.json says it ships, the lockfile, and a manifest; beside
 * it the checksum, as sha256sum(1) reads it. The same build gives the same bytes.
 */
export async function pack({ source, into, commit, checks, reason }: Options): Promise<Packed> {
  const { create } = await import('tar')
  const own = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8')) as Package
  const absent = [...own.files, 'package-lock.json'].filter(file => !existsSync(path.join(source, file)))
  if (absent.length > 0)
    throw new AppError('invalid', 'deploy.not_built', `Not built: ${absent.join(', ')} missing in ${source}.`)
  const manifest: Manifest = {
    ...{ format: 1, name: own.name, version: own.version, commit, checks, reason },
    migrations: migrationsIn(path.join(source, 'dist', 'migrations')),
    node: own.engines.node,
  }
  const name = `${own.name}-${releaseOf(manifest)}`
  const scratch = mkdtempSync(path.join(tmpdir(), 'cargoparts-pack-'))
  try {
    const folder = path.join(scratch, name)
    for (const file of [...own.files, 'package-lock.json'])
      cpSync(path.join(source, file), path.join(folder, file), {
        recursive: true,
        filter: from => !/\.(map|tsbuildinfo)$/.test(from),
      })
    // the running process reads its commit from here
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ ...own, commit }, null, 2)}\n`)
    writeFileSync(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
    const file = path.join(scratch, `${name}.tgz`)
    const entries = filesIn(folder).map(entry => path.join(name, entry))
    create({ sync: true, gzip: true, portable: true, mtime: new Date(0), cwd: scratch, file }, entries)
    return await deliver(file, into, manifest)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function deliver(made: string, into: string, manifest: Manifest): Promise<Packed> {
  const sum = await sha256(made)
  mkdirSync(into, { recursive: true })
  const file = path.join(into, path.basename(made))
  // another disk, maybe: copied beside, then renamed, so that nobody finds half of it
  cpSync(made, `${file}.partial`)
  writeFileSync(`${file}.sha256`, `${sum}  ${path.basename(file)}\n`)
  renameSync(`${file}.partial`, file)
  const { size } = await import('node:fs/promises').then(fs => fs.stat(file))
  return { file, sha256: sum, bytes: size, manifest }
}

/** Sorted, and without folders: an archive that is the same wherever it was made. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

function migrationsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(file => /^\d{14}_\w+\.js$/.test(file))
    .map(file => file.replace(/\.js$/, ''))
    .sort()
}
