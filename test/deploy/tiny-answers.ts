import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Traits } from './traits.js'

/** What a tiny release answers: as much as health, warm-up and smoke test ask. */
export const answersOf =
  (traits: Traits, isDraining: () => boolean) =>
  (request: IncomingMessage, answer: ServerResponse): void =>
    void handle(traits, isDraining(), request, answer)

function problem(answer: ServerResponse, status: number): void {
  answer.writeHead(status, { 'content-type': 'application/problem+json' })
  answer.end(JSON.stringify({ status }))
}

async function handle(
  traits: Traits,
  isDraining: boolean,
  request: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
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
