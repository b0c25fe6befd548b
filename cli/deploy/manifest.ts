import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../api/platform/errors.js'

export type Check = { name: string; outcome: 'passed' | 'skipped'; ms: number }
/** What an artefact says of itself: `manifest.json` in it. */
export type Manifest = {
  format: 1
  name: string
  version: string
  commit: string
  /** What was asked of this source before it was packed. */
  checks: Check[]
  /** Why checks were skipped. */
  reason: string | null
  /** Migrations it brings, so that a plan can tell what is new without unpacking. */
  migrations: string[]
  /** The Node.js it needs. */
  node: string
}

export const MANIFEST = 'manifest.json'
const RELEASE_ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,80}$/
const COMMIT = /^[0-9a-zA-Z][0-9a-zA-Z._-]{5,63}$/

export function readManifest(folder: string): Manifest {
  return checkManifest(readFileSync(path.join(folder, MANIFEST), 'utf8'), folder)
}

/** Throws `deploy.bad_artefact` for what is none, or one of another time. */
export function checkManifest(text: string, where: string): Manifest {
  let found: Partial<Manifest>
  try {
    found = JSON.parse(text) as Partial<Manifest>
  } catch {
    throw bad(`The manifest of ${where} cannot be read.`)
  }
  if (found.format !== 1)
    throw bad(`${where} has a manifest of another format: use the deploy that came with it.`)
  const isWhole =
    typeof found.version === 'string' &&
    COMMIT.test(String(found.commit)) &&
    Array.isArray(found.checks) &&
    Array.isArray(found.migrations)
  if (!isWhole || !RELEASE_ID.test(releaseOf(found as Manifest)))
    throw bad(`The manifest of ${where} lacks something.`)
  return found as Manifest
}

/** How a release is called: its version, and enough of its commit. */
export const releaseOf = ({ version, commit }: Pick<Manifest, 'version' | 'commit'>): string =>
  `${version}-${commit.slice(0, 12)}`

export const isTested = ({ checks }: Manifest): boolean =>
  checks.length > 0 && checks.every(({ outcome }) => outcome === 'passed')

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

export const bad = (message: string): AppError => new AppError('invalid', 'deploy.bad_artefact', message)
