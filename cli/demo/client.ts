import { AppError } from '../../api/platform/errors.js'

type Json = Record<string, unknown>
type Call = { token?: string | undefined; body?: unknown; idempotencyKey?: string }

/** The API as a client app sees it: HTTP and nothing else. */
export function createClient(baseUrl: string) {
  async function call<T = Json>(
    method: string,
    path: string,
    { token, body, idempotencyKey }: Call = {},
  ): Promise<T> {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
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
    const answer = (await response.json().catch(() => ({}))) as T & { code?: string; detail?: string }
    if (response.ok) return answer
    const kind = response.status >= 500 ? 'unavailable' : response.status === 404 ? 'not_found' : 'conflict'
    throw new AppError(
      kind,
      answer.code ?? 'demo.refused',
      `${method} ${path} answered ${response.status}: ${answer.detail ?? ''}`,
    )
  }

  return {
    get: <T = Json>(path: string, token?: string) => call<T>('GET', path, { token }),
    post: <T = Json>(path: string, body: unknown, options: Omit<Call, 'body'> = {}) =>
      call<T>('POST', path, { ...options, body }),
    step: <T = Json>(path: string, token: string) => call<T>('POST', path, { token }),
  }
}

export type Client = ReturnType<typeof createClient>
