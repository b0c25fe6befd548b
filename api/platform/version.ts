import { readFileSync } from 'node:fs'

// from the compiled file's place in dist/api/platform as well as from a bundle's: package.json stands at the root
const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
  commit?: string
}

export const VERSION = manifest.version
/** Written into package.json by a release; a checkout has none. */
export const COMMIT = manifest.commit ?? 'development'
