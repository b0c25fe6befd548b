import { stableId } from '../stable-id.js'

const OPENED_AT = new Date('2023-12-01T00:00:00Z')
const CITIES = ['الرياض', 'جدة', 'الدمام', 'مكة المكرمة', 'بريدة', 'أبها', 'تبوك', 'حائل']
const SELLERS = 400

const numbers = Array.from({ length: SELLERS }, (_, at) => at)
const email = (at: number): string => `volume-seller-${at}@cargoparts.example`

/** Owners nobody can sign in as: their password hash is none. */
export const ownerRows = numbers.map(at => ({
  id: stableId(`user:${email(at)}`, OPENED_AT),
  email: email(at),
  name: `تاجر ${at + 1}`,
  role: 'seller',
  password_hash: 'none',
  consent_version: '2026-01',
  created_at: OPENED_AT,
}))

export const sellerRows = numbers.map(at => ({
  id: stableId(`seller:${email(at)}`, OPENED_AT),
  owner_id: stableId(`user:${email(at)}`, OPENED_AT),
  trade_name: `متجر القطع ${at + 1}`,
  legal_name: `مؤسسة القطع ${at + 1} التجارية`,
  cr_number: String(4_040_000_000 + at),
  vat_number: `3${String(40_400_000_0000 + at).padStart(13, '0')}3`,
  city: CITIES[at % CITIES.length],
  status: 'APPROVED',
  created_at: OPENED_AT,
}))
