import { after, type Clock, days } from '../../../platform/clock.js'
import { ask, unavailable, words } from './ask.js'
import type { Registries } from './registry.js'

const HOLDS_MS = days(365)
const source = 'account-verification'

/**
 * Whose account it is, by a licensed open banking aggregator: `POST /accountverification/v1/verify {iban, identifier}`
 * (Tarabut's contract; Lean has the like). What its answer's `status` may be beside VERIFIED it does not publish: a
 * word we do not know says nothing.
 */
export function createAccountCheck({
  baseUrl,
  apiKey,
  clock,
}: {
  baseUrl: string
  apiKey: string
  clock: Clock
}): Registries['bankAccount'] {
  return async (iban, holderId) => {
    try {
      const { status, body } = await ask(`${baseUrl}/accountverification/v1/verify`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: JSON.stringify({ iban, identifier: holderId }),
      })
      if (status < 200 || status > 299) return unavailable(source, `answered ${status}`)
      const word = words(body.status).toUpperCase()
      const evidence = { status: word, reference: words(body.id) }
      if (word === 'VERIFIED')
        return { verdict: 'VERIFIED', source, evidence, expiresAt: after(clock.now(), HOLDS_MS) }
      if (REFUSED.has(word)) return { verdict: 'REJECTED', source, evidence, expiresAt: null }
      if (word === 'PENDING') return { verdict: 'PENDING', source, evidence, expiresAt: null }
      return unavailable(source, `answered ${word || 'nothing we know'}`)
    } catch {
      return unavailable(source, 'no answer')
    }
  }
}

const REFUSED = new Set(['NOT_VERIFIED', 'REJECTED', 'MISMATCH'])
