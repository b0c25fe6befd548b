import type { Source } from './sources.js'
import type { Card } from './types.js'

export type TestCard = { number: string; brand: 'MADA' | 'VISA' | 'MASTERCARD'; asks3ds: boolean }

/** The cards Tap publishes for tests. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4464040000000007', brand: 'MADA', asks3ds: true },
  { number: '5588480000000003', brand: 'MADA', asks3ds: false },
  { number: '4508750015741019', brand: 'VISA', asks3ds: true },
  { number: '4012000033330026', brand: 'VISA', asks3ds: false },
  { number: '5123450000000008', brand: 'MASTERCARD', asks3ds: true },
  { number: '5111111111111118', brand: 'MASTERCARD', asks3ds: false },
]

/** With a test card it is the expiry date that chooses the result. */
export const EXPIRIES = [
  { date: '01/39', result: 'approved', code: undefined },
  { date: '05/22', result: 'declined', code: '501' },
  { date: '04/27', result: 'expired', code: '407' },
  { date: '08/28', result: 'timedOut', code: '801' },
  { date: '01/37', result: 'acquirerError', code: '513' },
] as const

export const CVV_MATCH = '100'
export const CVV_NO_MATCH = '102'

export type CardEntry = { number: string; expiry: string; cvv: string }

export function cardsFor(source: Source): readonly TestCard[] {
  return source.method === 'MADA' ? TEST_CARDS.filter(card => card.brand === 'MADA') : TEST_CARDS
}

/** The response code of a card, or undefined when it is not a test card or not one of its dates. */
export function cardCode(entry: CardEntry, kind: 'charge' | 'authorize', source: Source): string | undefined {
  const card = cardsFor(source).find(({ number }) => number === entry.number)
  const expiry = EXPIRIES.find(({ date }) => date === entry.expiry)
  if (!card || !expiry || ![CVV_MATCH, CVV_NO_MATCH].includes(entry.cvv)) return undefined
  if (expiry.code) return expiry.code
  if (entry.cvv === CVV_NO_MATCH) return '502'
  if (kind === 'charge') return '000'
  return card.brand === 'MADA' ? '506' : '001' // mada is a debit scheme and cannot hold an amount
}

export function cardObject(number: string): Card | undefined {
  const card = TEST_CARDS.find(known => known.number === number)
  if (!card) return undefined
  return {
    object: 'card',
    first_six: number.slice(0, 6),
    first_eight: number.slice(0, 8),
    last_four: number.slice(-4),
    scheme: card.brand,
    brand: card.brand,
  }
}
