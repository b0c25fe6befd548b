import { createHash, timingSafeEqual } from 'node:crypto'
import { type Answer, type Call, json, type Route, readJson } from '../http.js'
import type { Views } from '../views.js'
import type { Authorizations } from './authorizations.js'
import type { Charges } from './charges.js'
import { TapError } from './errors.js'
import type { Refunds } from './refunds.js'
import type { TapObject } from './types.js'

type Deps = {
  secretKey: string
  charges: Charges
  authorizations: Authorizations
  refunds: Refunds
  views: Views
}

export function tapRoutes({ secretKey, charges, authorizations, refunds, views }: Deps): Route[] {
  const id = (call: Call) => call.params.id ?? ''
  const one = (object: TapObject): Answer => json(200, views.of(object))
  const made = (object: TapObject): Answer => json(200, object)

  const routes: Route[] = [
    route('charge.create', 'POST', '/charges', async call => made(charges.create(await readJson(call)))),
    route('charge.list', 'POST', '/charges/list', async call => {
      const list = charges.list(await readJson(call))
      return json(200, { ...list, charges: list.charges.map(views.of) })
    }),
    route('charge.get', 'GET', '/charges/:id', call => one(charges.get(id(call)))),
    route('charge.change', 'PUT', '/charges/:id', async call =>
      one(charges.change(id(call), await readJson(call))),
    ),
    route('authorize.create', 'POST', '/authorize', async call =>
      made(authorizations.create(await readJson(call))),
    ),
    route('authorize.get', 'GET', '/authorize/:id', call => one(authorizations.get(id(call)))),
    route('authorize.void', 'POST', '/authorize/:id/void', call => one(authorizations.void(id(call)))),
    route('refund.create', 'POST', '/refunds', async call => made(refunds.create(await readJson(call)))),
    route('refund.list', 'POST', '/refunds/list', async call => {
      const list = refunds.list(await readJson(call))
      return json(200, { ...list, refunds: list.refunds.map(views.of) })
    }),
    route('refund.get', 'GET', '/refunds/:id', call => one(refunds.get(id(call)))),
  ]
  return routes.map(each => ({ ...each, handle: authorized(secretKey, each.handle) }))
}

function route(
  operation: NonNullable<Route['operation']>,
  method: Route['method'],
  path: string,
  handle: Route['handle'],
): Route {
  return { operation, method, path: `/v2${path}`, handle }
}

function authorized(secretKey: string, handle: Route['handle']): Route['handle'] {
  return call => {
    const key = /^Bearer +(\S+)$/i.exec(call.headers.authorization ?? '')?.[1]
    if (key === undefined) throw new TapError('key_missing')
    if (!timingSafeEqual(digest(key), digest(secretKey))) throw new TapError('key')
    return handle(call)
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
