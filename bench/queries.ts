import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './child.js'

export const readQueries = (): string[] =>
  queriesIn(readFileSync(path.join(root, 'bench/queries.txt'), 'utf8'))

/** One a line. Lines that are empty or begin with # say nothing. */
export function queriesIn(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}
