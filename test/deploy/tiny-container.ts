import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createProxy } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createDrain } from '../../api/http/drain.js'
import { answersOf } from './tiny-answers.js'
import { readTraits } from './traits.js'

/**
 * What runs in a container of the stand-in for Docker: `api FOLDER`, `worker FOLDER` or `lb PROJECT PORT STATE`. Writes
 * its port to the file named last.
 */
const [kind, folder = '', ...rest] = process.argv.slice(2)
const portFile = rest.at(-1) as string
const tell = (port: number) => writeFileSync(portFile, String(port))

if (kind === 'api') {
  const traits = readTraits(folder)
  if (traits.starts === 'dies') {
    process.stdout.write('this release does not start\n')
    process.exit(1)
  }
  let isDraining = false
  const server = createServer(answersOf(traits, () => isDraining))
  const drain = createDrain(server)
  server.listen(0, '127.0.0.1', () => tell((server.address() as AddressInfo).port))
  process.once('SIGTERM', async () => {
    isDraining = true
    drain.begin()
    await Promise.race([drain.empty(), wait(1_000)])
    process.exit(0)
  })
}

if (kind === 'worker') {
  tell(0)
  setInterval(() => undefined, 60_000)
}

if (kind === 'lb') {
  const [port, state = ''] = rest
  // as the real one does: those of the live colour, read anew when it is told to
  const read = () => /api-(\w+):/.exec(readFileSync(path.join(folder, 'docker', 'live.cfg'), 'utf8'))?.[1]
  let colour = read()
  process.on('SIGUSR2', () => {
    colour = read()
  })
  let turn = 0
  const proxy = createProxy({ allowHalfOpen: true }, client => {
    const all = JSON.parse(readFileSync(state, 'utf8')) as {
      service: string
      port: number
      isRunning: boolean
    }[]
    const up = all.filter(({ service, isRunning }) => isRunning && service === `api-${colour}`)
    const to = up[turn++ % up.length]
    if (!to) return void client.destroy()
    const server = connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true })
    client.pipe(server).pipe(client)
    for (const each of [client, server]) each.on('error', () => each.destroy())
  })
  proxy.listen(Number(port), '127.0.0.1', () => tell(Number(port)))
}
