import { demoAccounts } from '../demo-accounts.js'
import { stableId } from '../stable-id.js'
import { demoPasswordHash } from './password-hash.js'

const OPENED_AT = new Date('2026-01-04T07:00:00Z')

export type DemoEmail = `${'buyer' | 'seller' | `seller${2 | 3 | 4 | 5}`}@cargoparts.example`

export const userId = (email: string): string => stableId(`user:${email}`, OPENED_AT)

export async function userRows() {
  // every account has the same password, and one hash is enough work for a start
  const hashes = new Map<string, string>()
  for (const { password } of demoAccounts) {
    if (!hashes.has(password)) hashes.set(password, await demoPasswordHash(password))
  }
  return demoAccounts.map(({ email, name, role, password }, at) => ({
    id: userId(email),
    email,
    phone: `+96650000000${at + 1}`,
    phone_verified_at: OPENED_AT,
    name,
    role,
    password_hash: hashes.get(password),
    consent_version: '2026-01',
    created_at: OPENED_AT,
  }))
}
