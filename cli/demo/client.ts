import { setTimeout as wait } from 'node:timers/promises'
import { AppError, type ErrorKind } from '../../api/platform/errors.js'

type Json = Record<string, unknown>
type Call = { token?: string | undefined; body?: unknown; idempotencyKey?: string }

/** A minute is what most limits ask of who is too quick; nobody watches a demo for longer. */
const MOST_PATIENCE_S = 60

/** The API as a client app sees it: HTTP and nothing else. Waits where the API says so (429), and tells. */
export function createClient(baseUrl: string, tell: (line: string) => void = () => undefined) {
  async function call<T = Json>(method: string, path: string, options: Call = {}): Promise<T> {
    return (await (await exchange(method, path, options)).json()) as T
  }

  /** An answer that is none but good. */
  async function exchange(method: string, path: string, options: Call): Promise<Response> {
    for (;;) {
      const response = await send(method, path, options)
      if (response.ok) return response
      const answer = (await response.json().catch(() => ({}))) as { code?: string; detail?: string }
      const seconds = Number(response.headers.get('retry-after') ?? Number.POSITIVE_INFINITY)
      if (response.status !== 429 || seconds > MOST_PATIENCE_S) {
        throw new AppError(
          kindOf(response.status),
          answer.code ?? 'demo.refused',
          `${method} ${path} answered ${response.status}: ${answer.detail ?? ''}`,
        )
      }
      tell(`${method} ${path}: too many; going on in ${seconds} s, as a client app would.`)
      await wait(seconds * 1000)
    }
  }

  function send(method: string, path: string, { token, body, idempotencyKey }: Call): Promise<Response> {
    return fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        'accept-language': 'en',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    }).catch(cause => {
      throw new AppError('unavailable', 'demo.no_answer', `${baseUrl} does not answer.`, {}, { cause })
    })
  }

  return {
    get: <T = Json>(path: string, token?: string) => call<T>('GET', path, { token }),
    text: async (path: string, token: string) => (await exchange('GET', path, { token })).text(),
    post: <T = Json>(path: string, body: unknown, options: Omit<Call, 'body'> = {}) =>
      call<T>('POST', path, { ...options, body }),
    step: <T = Json>(path: string, token: string) => call<T>('POST', path, { token }),
  }
}

export type Client = ReturnType<typeof createClient>

function kindOf(status: number): ErrorKind {
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'unavailable'
  return status === 404 ? 'not_found' : 'conflict'
}
