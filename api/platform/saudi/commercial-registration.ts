import { compact, type Reading, read, refused } from './reading.js'

/** ZATCA's scheme names: CRN is a CR number, 700 the unified number that takes its place. */
export type CommercialRegistration = { number: string; scheme: 'CRN' | '700' }

/**
 * A commercial registration: ten digits. One that begins with 7 is the unified national number, which new firms have
 * alone since April 2025; older CR numbers begin with their chamber's city. No check digit is published.
 */
export function readCommercialRegistration(text: string): Reading<CommercialRegistration> {
  const number = compact(text)
  if (!/^\d{10}$/.test(number)) return refused('cr.shape')
  return read({ number, scheme: number.startsWith('7') ? '700' : 'CRN' })
}
