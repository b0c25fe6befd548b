import { unavailable } from '../../../platform/errors.js'

const TIMEOUT_MS = 10_000

/** Throws unless it was taken. The address is a secret of its own, so no error names it. */
export async function postJson(url: string, body: unknown, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(cause => Promise.reject(unavailable('alert receiver', cause)))
  await response.body?.cancel()
  if (!response.ok) throw unavailable('alert receiver', new Error(`it answered ${response.status}`))
}
