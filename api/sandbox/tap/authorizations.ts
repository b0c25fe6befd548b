import { TapError } from './errors.js'
import { newAuthorization } from './new-payment.js'
import type { Deps, Payments } from './payments.js'
import { isToken } from './sources.js'
import type { TapAuthorization } from './types.js'
import { readAuthorization } from './validation.js'

export type Authorizations = ReturnType<typeof createAuthorizations>

export function createAuthorizations(deps: Deps & { payments: Payments; pageUrl: (id: string) => string }) {
  const { store, payments, clock, pageUrl } = deps
  const now = () => clock.now().getTime()

  function get(id: string): TapAuthorization {
    const authorization = store.get('authorize', id)
    if (!authorization) throw new TapError('authorize_id')
    return payments.current(authorization)
  }

  return {
    get,

    create(body: unknown): TapAuthorization {
      const input = readAuthorization(body)
      const first = store.firstAnswer('authorize', input.reference.idempotent, now())
      if (first) return first
      const code = isToken(input.source.id) && !input.threeDSecure ? '001' : undefined
      return payments.open(newAuthorization(input, { at: now(), pageUrl }), code)
    },

    void(id: string): TapAuthorization {
      const authorization = get(id)
      if (authorization.status !== 'AUTHORIZED') throw new TapError('authorize_state')
      return payments.settle(authorization, '601')
    },
  }
}
