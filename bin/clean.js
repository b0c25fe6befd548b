// Removes compiled files whose source is gone, so that no ghost of a deleted command or test lives on. What
// still has a source stays where it is: a system that runs from this build keeps running.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = path.join(root, 'dist')

const compiled = existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: 'utf8' }) : []
for (const file of compiled) {
  const source = file.replace(/\.js(\.map)?$/, '.ts')
  if (source !== file && !existsSync(path.join(root, source))) rmSync(path.join(dist, file))
}
