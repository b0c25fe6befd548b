import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pack } from '../../cli/deploy/pack.js'
import type { Traits } from './traits.js'

const CHECKED = ['lint', 'test:unit'].map(name => ({ name, outcome: 'passed' as const, ms: 1 }))

/** What a release that starts in an instant is packed from: real processes, without a database. */
export function tinySource(source: string, traits: Traits, scripts: Record<string, string> = {}): void {
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(source, file)), { recursive: true })
    writeFileSync(path.join(source, file), text)
  }
  const load = (name: string) => `await import(${JSON.stringify(new URL(name, import.meta.url).href)})\n`
  put('dist/api/server.js', load('./tiny-server.js'))
  put('dist/api/worker.js', load('./tiny-worker.js'))
  put('bin/run.js', load('./tiny-command.js'))
  put('dist/traits.json', JSON.stringify(traits))
  put('oclif.manifest.json', JSON.stringify({ commands: { 'db:migrate': {}, 'db:lint': {} } }))
  put(
    'package.json',
    JSON.stringify({
      ...{ name: 'cargoparts', version: '1.0.0', type: 'module', engines: { node: '>=20' } },
      files: ['bin', 'dist', 'oclif.manifest.json'],
      scripts,
    }),
  )
  put('package-lock.json', JSON.stringify({ name: 'cargoparts', lockfileVersion: 3, packages: {} }))
}

/** Packs it. Returns the artefact's path. */
export async function tinyArtefact(into: string, traits: Traits, { isTested = true } = {}): Promise<string> {
  const { commit } = traits
  const source = path.join(into, `source-${commit}`)
  tinySource(source, traits)
  const packed = await pack({
    ...{ source, into, commit, reason: null },
    checks: isTested ? CHECKED : CHECKED.map(check => ({ ...check, outcome: 'skipped' })),
  })
  return packed.file
}
