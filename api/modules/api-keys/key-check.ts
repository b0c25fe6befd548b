import { timingSafeEqual } from 'node:crypto'
import type { Actor, Role, Scope, UserActor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import { AppError } from '../../platform/errors.js'
import type { KeyedHash } from '../../platform/keyed-hash.js'
import type { Reads, Statement } from '../../platform/reads.js'
import type { SecurityLog } from '../../platform/security-log.js'
import { isKey, prefixOf } from './api-key.js'
import type { UseLog } from './use-log.js'

/** Asked with every request that shows a key, so that an end takes effect at once, in every process. */
const BY_PREFIX: Statement = {
  name: 'api-key-by-prefix',
  text: `
    select k.id, k.user_id as "userId", k.prefix, k.key_hash as "keyHash", k.scopes, k.expires_at as "expiresAt",
      k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt", u.role, u.status
    from api_keys k join users u on u.id = k.user_id where k.prefix = $1`,
}
type Row = {
  id: string
  userId: string
  prefix: string
  keyHash: Buffer
  scopes: Scope[]
  expiresAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
  role: Role
  status: string
}
type Device = { ip?: string | undefined; userAgent?: string | undefined }
type Deps = {
  reads: Reads
  clock: Clock
  security: SecurityLog
  keyHash: KeyedHash
  uses: UseLog
  isOffered: boolean
}

/** Who a key stands for, now. All that is wrong with one gets the same answer; the security log says which it was. */
export function createKeyCheck({ reads, clock, security, keyHash, uses, isOffered }: Deps) {
  return async function authenticate(key: string, device: Device): Promise<UserActor> {
    if (!isOffered) throw keysAreOff()
    const [row] = isKey(key) ? await reads<Row>(BY_PREFIX, [prefixOf(key)]) : []
    const why = refusalOf(row, key)
    if (why !== undefined || row === undefined) {
      security('api_key_refused', { kind: 'anonymous', ...device } as Actor, { key: row?.prefix, why })
      throw badKey()
    }
    uses.note(row)
    const { id, prefix, scopes } = row
    return {
      kind: 'user',
      id: row.userId,
      role: row.role,
      key: { id, prefix, scopes },
      ...device,
    } as UserActor
  }

  function refusalOf(row: Row | undefined, key: string): string | undefined {
    if (!row || !timingSafeEqual(row.keyHash, keyHash(row.userId, key))) return 'unknown'
    if (row.revokedAt) return 'revoked'
    if (row.expiresAt <= clock.now()) return 'expired'
    if (row.status !== 'ACTIVE') return 'its owner is blocked'
    // whoever is staff by now would lend the key what staff may do
    return row.role === 'seller' ? undefined : 'its owner is no seller'
  }
}

const badKey = () =>
  new AppError('unauthenticated', 'auth.bad_token', 'The API key is not valid, or no longer so.')
const keysAreOff = () => new AppError('unauthenticated', 'auth.keys_off', 'API keys are not taken here.')
