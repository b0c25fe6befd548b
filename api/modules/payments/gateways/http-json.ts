import { setTimeout as wait } from 'node:timers/promises'

export type JsonAnswer = { status: number; body: unknown }
export type JsonRequest = {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: unknown
}

const TIMEOUT_MS = 10_000

/** One exchange. Throws where no JSON answer came: time-out, reset, a proxy's HTML page. Follows no redirect. */
export async function exchange({ url, method, headers, body }: JsonRequest): Promise<JsonAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: response.status, body: await response.json() }
}

/** Tries again, with growing pauses and jitter, what is safe to repeat: a read, or a write the provider knows by its reference. */
export async function exchangeAgain(request: JsonRequest, attempts = 3): Promise<JsonAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await exchange(request).catch((error: unknown) => ({ error }))
    const isWorthAnother = 'error' in outcome || outcome.status >= 500 || outcome.status === 429
    if (isWorthAnother && attempt < attempts) {
      await wait(100 * 2 ** attempt * (0.5 + Math.random()))
      continue
    }
    if ('error' in outcome) throw outcome.error
    return outcome
  }
}
