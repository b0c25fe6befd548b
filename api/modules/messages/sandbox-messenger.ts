import { unavailable } from '../../platform/errors.js'
import type { Messenger } from './messenger.js'

const TIMEOUT_MS = 10_000

/** Hands messages to the page of `cargoparts start` instead of to a provider: development and tests only. */
export function createSandboxMessenger(url: string): Messenger {
  return {
    async send(message, signal) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      }).catch(cause => Promise.reject(unavailable('message provider', cause)))
      if (!response.ok) throw unavailable('message provider', new Error(`it answered ${response.status}`))
    },
  }
}
