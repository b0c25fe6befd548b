import { maskCards } from '../../../platform/redact.js'
import type { Exchange } from './exchange.js'
import { providerUnavailable, refusedByProvider } from './gateway.js'
import { asObject } from './tap-hash.js'

export type TapCall = (
  method: 'GET' | 'POST',
  path: string,
  json?: unknown,
) => Promise<Record<string, unknown>>

/** Tap's answers as objects, its refusals as errors. Writes carry a reference Tap knows them by: all is safe to send again. */
export function createTapCalls({
  baseUrl,
  secretKey,
  exchange,
}: {
  baseUrl: string
  secretKey: string
  exchange: Exchange
}): TapCall {
  const headers = { authorization: `Bearer ${secretKey}` }
  return async (method, path, json) => {
    const answer = await exchange({ url: `${baseUrl}${path}`, method, headers, json }, 'again')
    const object = asObject(answer.body)
    if (answer.status < 300) return object
    const [first] = Array.isArray(object.errors) ? object.errors.map(asObject) : []
    const problem = `${answer.status} ${first?.code ?? ''} ${first?.description ?? ''}`.trim()
    if (answer.status === 401 || answer.status === 403) {
      // our fault, not the buyer's: nothing was done, and the same request goes through once the key is right
      throw providerUnavailable('tap', new Error(`our key was refused: ${problem}`))
    }
    throw refusedByProvider(
      'tap',
      String(first?.code ?? answer.status),
      maskCards(String(first?.description ?? 'no reason given')),
    )
  }
}
