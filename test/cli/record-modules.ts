import { appendFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'

/** Given to node with --import: names every module that was loaded, ES modules as they come and the rest at the end. */
const file = process.env.RECORD_MODULES_TO as string

register(
  `data:text/javascript,${encodeURIComponent(`
    import { appendFileSync } from 'node:fs'
    export async function load(url, context, next) {
      appendFileSync(${JSON.stringify(file)}, url + '\\n')
      return next(url, context)
    }`)}`,
)
process.on('exit', () =>
  appendFileSync(file, `${Object.keys(createRequire(import.meta.url).cache).join('\n')}\n`),
)
