import { readFileSync } from 'node:fs'
import path from 'node:path'

/** How a tiny release behaves. */
export type Traits = {
  commit: string
  ready?: 'never'
  smoke?: 'fails'
  starts?: 'dies' | 'silently'
  /** The command that fails. */
  fails?: string
  /** With what; 5 by default. */
  exits?: number
}

export const readTraits = (folder: string): Traits =>
  JSON.parse(readFileSync(path.join(folder, 'dist', 'traits.json'), 'utf8'))
