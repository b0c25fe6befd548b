import type { Exchange } from './exchange.js'
import { type Method, providerUnavailable } from './gateway.js'
import { codeOf, describe } from './hyperpay-objects.js'
import { classOf } from './hyperpay-results.js'

/** Throws where there is no answer to rely on. A refusal is an answer: its `result.code` is the caller's to read. */
export type HyperpayCall = (
  method: 'GET' | 'POST',
  path: string,
  entity: Method,
  fields: Record<string, string>,
) => Promise<unknown>

/** Forms on their way out, JSON on their way back. Reads are repeated, writes never: HyperPay would do them twice. */
export function createHyperpayCalls({
  baseUrl,
  accessToken,
  entities,
  exchange,
}: {
  baseUrl: string
  accessToken: string
  entities: Partial<Record<Method, string>>
  exchange: Exchange
}): HyperpayCall {
  const headers = { authorization: `Bearer ${accessToken}` }
  return async (method, path, paidWith, fields) => {
    const entityId = entities[paidWith]
    if (entityId === undefined) throw new Error(`no entity of HyperPay is configured for ${paidWith}`)
    const form = { entityId, ...fields }
    const { status, body } =
      method === 'GET'
        ? await exchange({ url: `${baseUrl}${path}?${new URLSearchParams(form)}`, method, headers }, 'again')
        : await exchange({ url: `${baseUrl}${path}`, method, headers, form }, 'once')
    // a decline comes as 400 as well: what happened stands in the result's code, never in the status
    const problem = `${status} ${codeOf(body)} ${describe(body)}`
    if (status === 401 || status === 403)
      throw providerUnavailable('hyperpay', new Error(`our token was refused: ${problem}`))
    if (codeOf(body) === '' || classOf(codeOf(body)) === 'throttled')
      throw providerUnavailable('hyperpay', new Error(problem))
    return body
  }
}
