import { passesLuhn } from '../cards.js'
import { compact, type Reading, read, refused } from './reading.js'

/** ZATCA's scheme names: NAT is a citizen's national ID, IQA a resident's Iqama. */
export type NationalId = { number: string; scheme: 'NAT' | 'IQA' }

/** Ten digits, the first 1 (citizen) or 2 (resident), with Luhn's check digit over all ten. */
export function readNationalId(text: string): Reading<NationalId> {
  const number = compact(text)
  if (!/^\d{10}$/.test(number)) return refused('national_id.shape')
  if (!/^[12]/.test(number)) return refused('national_id.first')
  if (!passesLuhn(number)) return refused('national_id.check')
  return read({ number, scheme: number.startsWith('1') ? 'NAT' : 'IQA' })
}
