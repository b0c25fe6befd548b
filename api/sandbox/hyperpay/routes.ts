import { createHash, timingSafeEqual } from 'node:crypto'
import { type Answer, type Call, json, type Route, readForm } from '../http.js'
import type { Views } from '../views.js'
import type { Checkouts } from './checkouts.js'
import { readCheckout, readManagement } from './forms.js'
import type { Management } from './management.js'
import { HyperpayError, resultOf, statusOf } from './results.js'
import { type Operation, timestampOf, viewOf } from './types.js'
import { integrityOf, widget } from './widget.js'

export type Account = { accessToken: string; entityIds: readonly string[] }
type Deps = {
  account: Account
  checkouts: Checkouts
  management: Management
  views: Views
  now: () => number
  baseUrl: () => string
}

export function hyperpayRoutes({ account, checkouts, management, views, now, baseUrl }: Deps): Route[] {
  const id = (call: Call) => call.params.id ?? ''
  const about = (ndc: string) => ({ buildNumber: 'sandbox', timestamp: timestampOf(now()), ndc })
  const one = (operation: Operation): Answer => json(statusOf(operation.result), views.of(viewOf(operation)))
  const scriptOf = (checkoutId: string) => widget(baseUrl(), checkoutId)

  const routes: Route[] = [
    {
      operation: 'hyperpay.prepare',
      method: 'POST',
      path: '/v1/checkouts',
      handle: async call => {
        const form = await readForm(call)
        const checkout = checkouts.prepare(readCheckout(entity(form)))
        const integrity = form.get('integrity') === 'true' ? integrityOf(scriptOf(checkout.id)) : undefined
        return json(200, {
          result: resultOf('000.200.100'),
          ...about(checkout.id),
          id: checkout.id,
          integrity,
        })
      },
    },
    {
      operation: 'hyperpay.result',
      method: 'GET',
      path: '/v1/checkouts/:id/payment',
      handle: call => {
        const found = checkouts.result(id(call), entity(call.query).get('entityId') ?? '')
        if (found !== 'pending') return one(found)
        return json(200, { result: resultOf('000.200.000'), ...about(id(call)), id: id(call) })
      },
    },
    {
      operation: 'hyperpay.query',
      method: 'GET',
      path: '/v1/query',
      handle: call => {
        const query = entity(call.query)
        const reference = query.get('merchantTransactionId')
        if (reference === null)
          throw new HyperpayError(400, resultOf('200.300.404'), ['merchantTransactionId'])
        const found = management.under(query.get('entityId') ?? '', reference)
        return json(200, {
          result: resultOf('000.000.000'),
          ...about(reference),
          payments: found.map(viewOf).map(views.of),
        })
      },
    },
    {
      operation: 'hyperpay.manage',
      method: 'POST',
      path: '/v1/payments/:id',
      handle: async call => one(management.perform(id(call), readManagement(entity(await readForm(call))))),
    },
  ]
  return [
    ...routes.map(route => ({
      ...route,
      failure: { result: resultOf('999.999.999'), ...about('sandbox') },
      handle: answering(route.handle),
    })),
    {
      method: 'GET',
      path: '/v1/paymentWidgets.js',
      handle: call => script(call.query.get('checkoutId') ?? ''),
    },
  ]

  function script(checkoutId: string): Answer {
    if (!checkouts.find(checkoutId))
      return json(400, { result: resultOf('200.300.404'), ...about(checkoutId) })
    const headers = {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-store',
      // a page that holds the script against its hash may do so only where this is allowed
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    }
    return { status: 200, headers, body: scriptOf(checkoutId) }
  }

  function answering(handle: Route['handle']): Route['handle'] {
    return async call => {
      try {
        authorize(call)
        return await handle(call)
      } catch (error) {
        if (!(error instanceof HyperpayError)) throw error
        const { status, result, parameters } = error
        const parameterErrors = parameters.map(name => ({ name, message: 'is invalid' }))
        return json(status, { result: { ...result, parameterErrors }, ...about('sandbox') })
      }
    }
  }

  /** 401 for a header that is none, 403 for a token that is not ours. */
  function authorize(call: Call): void {
    const token = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? '')?.[1]
    if (token === undefined) throw new HyperpayError(401, resultOf('800.900.300'))
    if (!timingSafeEqual(digest(token), digest(account.accessToken)))
      throw new HyperpayError(403, resultOf('800.900.300'))
  }

  function entity(form: URLSearchParams): URLSearchParams {
    if (account.entityIds.includes(form.get('entityId') ?? '')) return form
    throw new HyperpayError(400, resultOf('200.300.404'), ['entityId'])
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
