import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
} from 'cockatiel'
import { providerPaused, providerUnavailable } from './gateway.js'

export type Answer = { status: number; body: unknown }
export type Request = {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  json?: unknown
  form?: Record<string, string>
}
/** `again`: a read, or a write the provider knows by its reference; `once`: it would be done a second time. */
export type Repeat = 'again' | 'once'
/** Throws AppErrors only. A 5xx, after the tries it deserved, is one of them. */
export type Exchange = (request: Request, repeat: Repeat) => Promise<Answer>

export type Limits = { timeoutMs: number; pauseMs: number; failures: number; restMs: number }
export type Watch = { broken(provider: string): void; healed(provider: string): void }

const LIMITS: Limits = { timeoutMs: 10_000, pauseMs: 200, failures: 5, restMs: 30_000 }

/**
 * How one provider is talked to: each exchange has a time limit, what is safe to repeat is repeated with growing
 * pauses and jitter, and after five failures in a row the provider is left alone for half a minute; then one
 * exchange tries whether it is back.
 */
export function createExchange(provider: string, watch: Watch, over: Partial<Limits> = {}): Exchange {
  const { timeoutMs, pauseMs, failures, restMs } = { ...LIMITS, ...over }
  const breaker = circuitBreaker(failing, {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(failures),
  })
  breaker.onBreak(() => watch.broken(provider))
  breaker.onReset(() => watch.healed(provider))
  const again = retry(worthAnother, {
    maxAttempts: 2,
    backoff: new ExponentialBackoff({ initialDelay: pauseMs, maxDelay: 10 * pauseMs }),
  })
  return async (request, repeat) => {
    const attempt = () => breaker.execute(() => exchangeOnce(request, timeoutMs))
    const answer = await (repeat === 'again' ? again.execute(attempt) : attempt()).catch((error: unknown) => {
      throw error instanceof BrokenCircuitError
        ? providerPaused(provider)
        : providerUnavailable(provider, error)
    })
    if (answer.status >= 500 || answer.status === 429)
      throw providerUnavailable(provider, new Error(`it answered ${answer.status}`))
    return answer
  }
}

/** What counts against a provider: silence, nonsense and 5xx. A 429 says that it is well and we are too many. */
const failing = handleWhen(() => true).orWhenResult(answer => statusOf(answer) >= 500)
const worthAnother = handleWhen(error => !(error instanceof BrokenCircuitError)).orWhenResult(
  answer => statusOf(answer) >= 500 || statusOf(answer) === 429,
)
const statusOf = (answer: unknown): number => (answer as Answer).status

/** Throws where no JSON answer came: time-out, reset, a proxy's HTML page. Follows no redirect. */
async function exchangeOnce(
  { url, method, headers, json, form }: Request,
  timeoutMs: number,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    // fetch says itself that this is a form
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  return { status: response.status, body: await response.json() }
}
