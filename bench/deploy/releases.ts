import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pack } from '../../cli/deploy/pack.js'
import { pathsOf } from '../../cli/deploy/supervisor/folder.js'
import { dependenciesOf } from '../../cli/deploy/unpack.js'
import { root } from '../child.js'

export type Fault = 'never ready' | 'fails its smoke test'
type Edit = { file: string; from: string; to: string }

/** What is broken in the real build, and what a bad release would have come to by itself. */
const FAULTS: Record<Fault, Edit> = {
  'never ready': {
    file: 'dist/api/modules/health/health-service.js',
    from: 'asked !== undefined && asked !== commit',
    to: 'true',
  },
  'fails its smoke test': { file: 'dist/api/http/docs.js', from: 'JSON.stringify(document())', to: "'oops'" },
}
const SHIPPED = [
  'bin',
  'docker',
  'docker-compose.yml',
  'dist/api',
  'dist/cli',
  'dist/migrations',
  'dist/seeds',
  'oclif.manifest.json',
  'package.json',
  'package-lock.json',
]

/** This build as an artefact of some commit, broken where asked. Returns its path. */
export async function realArtefact(into: string, commit: string, fault?: Fault): Promise<string> {
  const source = path.join(into, `source-${commit}`)
  for (const each of SHIPPED) cpSync(path.join(root, each), path.join(source, each), { recursive: true })
  if (fault) {
    const { file, from, to } = FAULTS[fault]
    const text = readFileSync(path.join(source, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} has no ${from} to break`)
    writeFileSync(path.join(source, file), text.replace(from, to))
  }
  const checks = [{ name: 'bench', outcome: 'passed' as const, ms: 0 }]
  return (await pack({ source, into, commit, checks, reason: null })).file
}

/** The dependencies of this checkout, so that no deploy installs any: its lockfile is the releases'. */
export function lendDependencies(folder: string): void {
  const { dependencies } = pathsOf(folder)
  const store = path.join(dependencies, dependenciesOf(root))
  mkdirSync(store, { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(store, 'node_modules'))
}
