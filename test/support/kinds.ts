import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { factsOf } from './imports.js'

export type Kind = 'unit' | 'integration'

/** The compiled tests. */
const folder = fileURLToPath(new URL('../', import.meta.url))

/** Whoever reaches one of these works with real servers, or with processes of ours. */
const SERVERS = [/\/api\/embedded\//, /\/test\/support\/(command|database|template)\.js$/, /\/bench\//]

/** Every test file, by what it needs: told from what it imports, so that no list can be forgotten. */
export function testFiles(): Record<Kind, string[]> {
  const kinds: Record<Kind, string[]> = { unit: [], integration: [] }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of names.filter(name => name.endsWith('.test.js')).sort())
    kinds[needsServers(path.join(folder, name)) ? 'integration' : 'unit'].push(path.join(folder, name))
  return kinds
}

const known = new Map<string, boolean>()

function needsServers(file: string): boolean {
  const before = known.get(file)
  if (before !== undefined) return before
  known.set(file, false) // who imports it in a circle hears of it by the other way
  const imports = factsOf(file, readFileSync(file, 'utf8'))
    .imports.filter(({ from }) => from.startsWith('.'))
    .map(({ from }) => path.join(path.dirname(file), from))
  const needs = imports.some(
    each => SERVERS.some(pattern => pattern.test(each)) || (each.startsWith(folder) && needsServers(each)),
  )
  known.set(file, needs)
  return needs
}
