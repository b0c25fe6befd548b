import { createServer } from 'node:http'
import { untilSignal } from '../../api/entry.js'
import { createDrain } from '../../api/http/drain.js'
import { abandoned, doorOf, serveSupervised, tellReady } from '../../api/supervised.js'
import { answersOf } from './tiny-answers.js'
import { readTraits } from './traits.js'

/** The API process of a tiny release: our own protocol with the supervisor, and next to nothing behind it. */
const traits = readTraits(process.cwd())
let isDraining = false

await untilSignal(async () => {
  if (traits.starts === 'dies') throw new Error('this release does not start')
  const server = createServer(answersOf(traits, () => isDraining))
  const drain = createDrain(server)
  const door = doorOf(process.env)
  if (!door) throw new Error('a tiny release runs under the supervisor only')
  const health = {
    drain: (on = true) => {
      isDraining = on
    },
  }
  await serveSupervised(server, door, { drain, health })
  if (traits.starts !== 'silently') tellReady()
  return {
    abandoned: abandoned(),
    close: () =>
      new Promise<void>(resolve => {
        drain.begin()
        server.close(() => resolve())
        drain.empty().then(resolve)
        server.closeIdleConnections()
      }),
  }
})
