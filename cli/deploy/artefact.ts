import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../api/platform/errors.js'
import { bad, checkManifest, MANIFEST, type Manifest, readManifest, releaseOf, sha256 } from './manifest.js'
import type { Paths } from './supervisor/folder.js'

/** `file` is null for a release that is here already. */
export type Artefact = { file: string | null; release: string; manifest: Manifest }

/** By a path, or by (the beginning of) a commit id: of a release that is here, or of what lies in `artefacts`. */
export async function findArtefact(paths: Paths, wanted: string): Promise<Artefact> {
  if (wanted.endsWith('.tgz')) {
    if (!existsSync(wanted))
      throw new AppError('not_found', 'deploy.no_artefact', `${wanted} does not exist.`)
    return fromFile(path.resolve(wanted))
  }
  const here = releasesIn(paths).filter(isOf(wanted))
  const files = tarballsIn(paths).filter(file => isOf(wanted)(releaseInName(file)))
  const names = new Set([...here, ...files.map(releaseInName)])
  if (names.size > 1)
    throw new AppError(
      'invalid',
      'deploy.ambiguous',
      `${wanted} may be ${[...names].join(' or ')}: say more of it.`,
    )
  const [release] = here
  if (release !== undefined) return { file: null, release, manifest: readManifest(paths.release(release)) }
  const [file] = files
  if (file !== undefined) return fromFile(path.join(paths.artefacts, file))
  const where = `${paths.artefacts} and ${paths.releases}`
  throw new AppError(
    'not_found',
    'deploy.no_artefact',
    `Nothing of ${wanted} in ${where}. \`cargoparts deploy:pack\` makes it.`,
  )
}

/** What it says of itself, once its bytes are what its maker wrote down. */
async function fromFile(file: string): Promise<Artefact> {
  await verifyChecksum(file)
  const { list } = await import('tar')
  let text: string | undefined
  list({
    file,
    sync: true,
    strict: true,
    filter: entry => entry.split('/').slice(1).join('/') === MANIFEST,
    onReadEntry: entry => {
      const chunks: Buffer[] = []
      entry.on('data', chunk => void chunks.push(chunk))
      entry.on('end', () => {
        text = Buffer.concat(chunks).toString('utf8')
      })
    },
  })
  if (text === undefined) throw bad(`${file} holds no manifest: \`cargoparts deploy:pack\` makes artefacts.`)
  const manifest = checkManifest(text, file)
  return { file, release: releaseOf(manifest), manifest }
}

export async function verifyChecksum(file: string): Promise<string> {
  const beside = `${file}.sha256`
  if (!existsSync(beside)) throw bad(`${beside} is missing: what cannot be checked is not deployed.`)
  const [said] = readFileSync(beside, 'utf8').trim().split(/\s+/)
  const found = await sha256(file)
  if (said !== found)
    throw bad(`${file} is damaged, or not what was packed: its checksum differs from ${beside}.`)
  return found
}

/** Whole releases, the oldest first. */
export function releasesIn(paths: Paths): string[] {
  if (!existsSync(paths.releases)) return []
  return readdirSync(paths.releases)
    .filter(name => existsSync(path.join(paths.releases, name, MANIFEST)) && !name.endsWith('.partial'))
    .sort()
}

const tarballsIn = (paths: Paths): string[] =>
  existsSync(paths.artefacts) ? readdirSync(paths.artefacts).filter(file => file.endsWith('.tgz')) : []
const releaseInName = (file: string): string => file.replace(/^cargoparts-/, '').replace(/\.tgz$/, '')
/** The whole name, or at least seven digits of the commit, more than its name holds included. */
const isOf = (wanted: string) => (release: string) => {
  const commit = release.slice(release.lastIndexOf('-') + 1)
  return (
    release === wanted ||
    (wanted.length >= 7 && (commit.startsWith(wanted) || wanted.slice(0, 12) === commit))
  )
}
