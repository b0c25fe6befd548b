/** What a `result.code` of HyperPay (OPPWA) says of an operation. */
export type ResultClass =
  | 'succeeded'
  | 'succeeded_for_review'
  | 'unknown'
  | 'pending'
  | 'pending_for_days'
  | 'chargeback'
  | 'throttled'
  | 'declined'
  | 'risk'
  | 'cancelled'
  | 'our_mistake'
  | 'platform_error'
  | 'unheard_of'

/**
 * The first that matches decides: 100.400.500 waits for days although it looks like a risk decision too.
 * Patterns as published with the platform's result codes.
 */
const CLASSES: readonly [ResultClass, RegExp][] = [
  ['succeeded', /^(000\.000\.|000\.100\.1|000\.[36]|000\.400\.[1][12]0)/],
  ['unknown', /^(900\.[1234]00|000\.400\.030)/],
  ['succeeded_for_review', /^(000\.400\.0[^3]|000\.400\.100)/],
  ['pending', /^(000\.200)/],
  ['pending_for_days', /^(800\.400\.5|100\.400\.500)/],
  ['chargeback', /^(000\.100\.2)/],
  ['throttled', /^(800\.120\.100)/],
  ['declined', /^(800\.[17]00|800\.800\.[123])/],
  [
    'risk',
    /^(000\.400\.[1][0-9][1-9]|000\.400\.2|100\.380\.4|100\.390|800\.400\.2|800\.[32]|800\.1[123456]0|100\.400|100\.38|100\.370)/,
  ],
  ['cancelled', /^(100\.39[765])/],
  [
    'our_mistake',
    /^(600\.[23]|500\.[12]|800\.121|100\.[13]50|200\.[123]|100\.[53][07]|800\.900|100\.[69]00\.500|700\.[1345][05]0)/,
  ],
  ['platform_error', /^(800\.[56]|999\.|600\.1|800\.800\.[84])/],
]

/** A code we have not heard of is neither success nor failure. */
export function classOf(code: string): ResultClass {
  if (!/^\d{3}\.\d{3}\.\d{3}$/.test(code)) return 'unheard_of'
  return CLASSES.find(([, pattern]) => pattern.test(code))?.[0] ?? 'unheard_of'
}

/** Nothing was found under a reference. */
export const NOT_FOUND = '700.400.580'
/** The checkout is older than its thirty minutes, or never was. */
export const NO_SESSION = '200.300.404'
/** What a test system answers where a live one answers 000.000.000: no money moved. */
export const isTestSuccess = (code: string): boolean => /^000\.100\.1/.test(code)
