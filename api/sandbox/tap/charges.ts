import { minorUnits } from './amount.js'
import { TapError } from './errors.js'
import { pageOf } from './listing.js'
import { newCharge } from './new-payment.js'
import type { Deps, Payments } from './payments.js'
import { readChange, readList } from './requests.js'
import { paymentResult } from './response-codes.js'
import { isCapture, isToken } from './sources.js'
import type { TapAuthorization, TapCharge } from './types.js'
import { type ChargeInput, readCharge } from './validation.js'

export type Charges = ReturnType<typeof createCharges>

export function createCharges(deps: Deps & { payments: Payments; pageUrl: (id: string) => string }) {
  const { store, payments, clock, pageUrl } = deps
  const now = () => clock.now().getTime()

  function get(id: string): TapCharge {
    if (!/^chg_\w{1,80}$/.test(id)) throw new TapError('charge_id')
    const charge = store.get('charge', id)
    if (!charge) throw new TapError('charge_unknown')
    return payments.current(charge)
  }

  /** One capture for one authorisation, of its amount or less. What is not captured is released. */
  function capture(input: ChargeInput): TapCharge {
    const found = store.get('authorize', input.source.id)
    if (!found) throw new TapError('authorize_id')
    const authorization = payments.current(found)
    assertCapturable(authorization, input)
    const charge = newCharge(input, { at: now(), pageUrl })
    const transaction = { ...charge.transaction, authorization_id: authorization.id }
    const captured = payments.open({ ...charge, card: authorization.card, transaction }, '000')
    store.replace({ ...authorization, ...paymentResult('000') })
    return captured
  }

  return {
    get,

    create(body: unknown): TapCharge {
      const input = readCharge(body)
      const first = store.firstAnswer('charge', input.reference.idempotent, now())
      if (first) return first
      if (isCapture(input.source.id)) return capture(input)
      // A token without 3-D Secure needs no customer.
      const code = isToken(input.source.id) && !input.threeDSecure ? '000' : undefined
      return payments.open(newCharge(input, { at: now(), pageUrl }), code)
    },

    /** Tap lets only these three be changed and passes over the rest. */
    change(id: string, body: unknown): TapCharge {
      const { description, metadata, receipt } = readChange(body)
      const charge = get(id)
      return store.replace({
        ...charge,
        description: description ?? charge.description,
        metadata: metadata ?? charge.metadata,
        receipt: receipt ?? charge.receipt,
      })
    },

    list(body: unknown) {
      const { page, ...about } = pageOf(store.newest('charge').map(payments.current), readList(body))
      return { ...about, charges: page }
    },
  }
}

function assertCapturable(authorization: TapAuthorization, { amount, currency }: ChargeInput): void {
  if (authorization.status === 'CAPTURED') throw new TapError('source_used')
  if (authorization.status !== 'AUTHORIZED') throw new TapError('authorize_state')
  if (authorization.currency !== currency) throw new TapError('currency')
  const held = minorUnits(authorization.amount, currency) ?? 0n
  if ((minorUnits(amount, currency) ?? 0n) > held) throw new TapError('capture_exceeds')
}
