import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError, type ErrorKind } from '../platform/errors.js'
import type { ActiveFault, Faults } from './faults.js'
import { type Answer, json, type Route, readBytes } from './http.js'
import { TapError } from './tap/errors.js'

const LOCAL_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])
const STATUS: Partial<Record<ErrorKind, number>> = {
  not_found: 404,
  conflict: 409,
  invalid: 422,
  malformed: 400,
}

export function createServer(routes: readonly Route[], faults: Faults): Server {
  const table = routes.map(route => ({ route, pattern: patternOf(route.path) }))

  function match(method: string | undefined, path: string) {
    for (const { route, pattern } of table) {
      const found = route.method === method ? pattern.exec(path) : null
      if (found) return { route, params: { ...found.groups } }
    }
    throw new TapError('not_found')
  }

  async function answer(request: IncomingMessage): Promise<Answer | undefined> {
    // A name that was made to resolve to this machine is refused: it would let any web page in.
    const url =
      URL.canParse(`http://${request.headers.host}`) &&
      new URL(request.url ?? '/', `http://${request.headers.host}`)
    if (!url || !LOCAL_HOSTS.has(url.hostname)) throw new TapError('host')
    const { route, params } = match(request.method, url.pathname)
    const work = async () => {
      const bytes = () => readBytes(request)
      return route.handle({ params, query: url.searchParams, headers: request.headers, bytes })
    }
    const fault = route.operation && faults.take(route.operation)
    return fault ? spoiled(fault, work, route.failure) : work()
  }

  return createHttpServer((request, response) => {
    answer(request)
      .catch(refusal)
      .then(result => (result ? send(response, result) : request.socket.destroy()))
      .catch(() => request.socket.destroy())
  })
}

/** Undefined means: cut the connection. */
async function spoiled(
  fault: ActiveFault,
  work: () => Promise<Answer>,
  failure: object = new TapError('internal').body,
): Promise<Answer | undefined> {
  if (fault.kind === 'status') return json(fault.status, failure)
  if (fault.kind === 'drop' && fault.when === 'before') return undefined
  const result = await work().catch(refusal)
  if (fault.kind === 'stall') await wait(fault.milliseconds, undefined, { ref: false })
  if (fault.kind === 'garble') return { ...result, body: result.body.slice(0, result.body.length / 2) }
  return fault.kind === 'drop' ? undefined : result
}

function refusal(error: unknown): Answer {
  if (error instanceof TapError) return json(error.status, error.body)
  if (error instanceof AppError) {
    const { kind, code, message, details } = error
    return json(STATUS[kind] ?? 500, { error: { kind, code, message, details } })
  }
  return json(500, new TapError('internal').body)
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'x-content-type-options': 'nosniff' })
  response.end(body)
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[\\w.-]{1,100})').replace(/\/$/, '')}/?$`)
}
