import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { untilSignal } from '../../api/entry.js'
import { createDrain } from '../../api/http/drain.js'
import { abandoned, doorOf, serveSupervised, tellReady } from '../../api/supervised.js'
import { readTraits } from './tiny-release.js'

/** The API process of a tiny release: our own protocol with the supervisor, and next to nothing behind it. */
const traits = readTraits(process.cwd())
let isDraining = false

function problem(answer: ServerResponse, status: number): void {
  answer.writeHead(status, { 'content-type': 'application/problem+json' })
  answer.end(JSON.stringify({ status }))
}

async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://tiny')
  const json = (body: unknown, status = 200) => {
    answer.writeHead(status, { 'content-type': 'application/json' })
    answer.end(JSON.stringify(body))
  }
  request.resume()
  switch (url.pathname) {
    case '/api/v1/health/ready': {
      const reasons = [
        ...(isDraining ? ['draining'] : []),
        ...(traits.ready === 'never' ? ['database_unreachable'] : []),
        ...((url.searchParams.get('commit') ?? traits.commit) === traits.commit ? [] : ['other_release']),
      ]
      return json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503)
    }
    case '/api/health':
      return json({ status: 'healthy' })
    case '/api/v1/listings':
      return traits.smoke === 'fails' ? json({ oops: true }, 500) : json({ items: [] })
    case '/api/v1/categories':
    case '/api/v1/makes':
      return json([])
    case '/openapi.json':
      return json({ openapi: '3.1.0' })
    case '/who':
      await wait(Number(url.searchParams.get('ms') ?? 0))
      return json({ commit: traits.commit, pid: process.pid, peer: request.socket.remoteAddress })
    case '/die':
      return process.exit(3)
    case '/api/v1/orders':
      return problem(answer, 401)
    default:
      return problem(answer, 404)
  }
}

await untilSignal(async () => {
  if (traits.starts === 'dies') throw new Error('this release does not start')
  const server = createServer((request, answer) => void handle(request, answer))
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
