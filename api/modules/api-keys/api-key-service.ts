import { type Actor, requireSession, requireUser, type Scope } from '../../platform/actor.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import type { KeyedHash } from '../../platform/keyed-hash.js'
import type { Logger } from '../../platform/logger.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import type { MessageService } from '../messages/message-service.js'
import { ApiKey, type KeyState, newKey, prefixOf } from './api-key.js'
import { createKeyCheck } from './key-check.js'
import { createUseLog } from './use-log.js'

/** More systems than a shop has: whoever needs another one has some to clear away. */
const MOST_KEYS = 20

export type NewKey = { name: string; scopes: Scope[]; expiresInDays: number }
/** A key with the state it is in now. */
export type SeenKey = { key: ApiKey; state: KeyState }
export type OwnedKey = SeenKey & { email: string }

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  logger: Logger
  cursors: Cursors
  audit: AuditService
  security: SecurityLog
  messages: MessageService
  keyHash: KeyedHash
  /** Where not, none can be made or used; those there are can still be seen and revoked. */
  isOffered: boolean
}
export type ApiKeyService = ReturnType<typeof createApiKeyService>

/** Keys for sellers' own systems. A key is shown once; afterwards only its first digits tell which it is. */
export function createApiKeyService(deps: Deps) {
  const { db, clock, cursors, audit, security, messages, keyHash, isOffered } = deps
  const uses = createUseLog(deps)

  return {
    authenticate: createKeyCheck({ ...deps, uses }),
    settle: uses.settle,

    /**
     * `id` names the attempt. A repeat of one whose answer never left gets the same row with another key: the first
     * one nobody has seen.
     */
    async create(input: NewKey, actor: Actor, id: string): Promise<SeenKey & { secret: string }> {
      const { id: userId } = requireSession(actor)
      if (!isOffered) throw notOffered()
      const secret = newKey()
      const made = { prefix: prefixOf(secret) as string, keyHash: keyHash(userId, secret) }
      const key = await db
        .transaction(async trx => {
          await assertRoom(trx, userId, id)
          const { name, scopes, expiresInDays } = input
          const expiresAt = after(clock.now(), days(expiresInDays))
          const row = { id, userId, name, scopes, ...made, expiresAt, createdAt: clock.now() }
          const written = await ApiKey.query(trx).insert(row).onConflict('id').merge(['prefix', 'key_hash'])
          const about = { key: made.prefix, name, scopes, expiresAt }
          await audit.record(trx, actor, 'api_key_created', { type: 'api_key', id, userId }, about)
          await messages.add(trx, 'api_key_created', userId)
          return ApiKey.query(trx).findById(written.id)
        })
        .catch(error => {
          // 48 bits in common with another key: nothing was written, and a repeat makes another
          throw isUniqueViolation(error, 'api_keys_prefix_key') ? clash(error) : error
        })
      security('api_key_created', actor, { key: made.prefix, scopes: input.scopes })
      return { ...seen(key as ApiKey), secret }
    },

    /** The caller's, newest first, those that ended too. */
    async of(actor: Actor, { limit, cursor }: PageRequest): Promise<Page<SeenKey>> {
      const { id: userId } = requireUser(actor)
      const list = `api-keys:${userId}`
      const query = ApiKey.query(db)
        .where({ user_id: userId })
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (cursor !== undefined) query.where('id', '<', cursors.decode(list, cursor))
      const page = cursors.page(list, await query, limit, key => key.id)
      return { ...page, items: page.items.map(seen) }
    },

    /** Its owner's, or for an operator anybody's. Ended at once, in every process; again, it stays as it is. */
    async revoke(id: string, actor: Actor, reason?: string): Promise<SeenKey & { isNews: boolean }> {
      const outcome = await db.transaction(async trx => {
        const owned = actor.kind === 'operator' ? {} : { user_id: requireSession(actor).id }
        const key = await ApiKey.query(trx).findById(id).where(owned).forUpdate()
        if (!key) throw unknownKey(id)
        if (key.revokedAt) return { key, isNews: false }
        const about = { key: key.prefix, ...(reason === undefined ? {} : { reason }) }
        const object = { type: 'api_key', id, userId: key.userId }
        await audit.record(trx, actor, 'api_key_revoked', object, about)
        return { key: await key.$query(trx).patchAndFetch({ revokedAt: clock.now() }), isNews: true }
      })
      const { key, isNews } = outcome
      if (isNews) security('api_key_revoked', actor, { key: key.prefix, user: key.userId })
      return { ...seen(key), isNews }
    },

    /** For operators: by id or by its first digits. */
    async named(idOrPrefix: string): Promise<OwnedKey> {
      const [found] = await owned({
        where: idOrPrefix.startsWith('cp_') ? { 'k.prefix': idOrPrefix } : { 'k.id': idOrPrefix },
        limit: 1,
      })
      if (!found) throw unknownKey(idOrPrefix)
      return found
    },

    /** For operators: newest first, of one account where it is named; alive ones, unless all are asked for. */
    async list({ userId, isAll, limit }: { userId?: string | undefined; isAll: boolean; limit: number }) {
      return owned({ where: userId === undefined ? {} : { 'u.id': userId }, isLive: !isAll, limit })
    },
  }

  async function owned({ where, isLive = false, limit }: Wanted): Promise<OwnedKey[]> {
    const query = ApiKey.query(db)
      .alias('k')
      .join('users as u', 'u.id', 'k.user_id')
      .select('k.*', 'u.email')
      .where(where)
      .orderBy('k.id', 'desc')
      .limit(limit)
    if (isLive) query.whereNull('k.revoked_at').where('k.expires_at', '>', clock.now())
    const rows = (await query) as (ApiKey & { email: string })[] // the join's one column beside the model's
    return rows.map(key => ({ ...seen(key), email: key.email }))
  }

  /** One at a time for an account, so that many at once are no more than one after another. */
  async function assertRoom(trx: Trx, userId: string, id: string): Promise<void> {
    await trx('users').where({ id: userId }).forNoKeyUpdate().first('id')
    const alive = await ApiKey.query(trx)
      .where({ user_id: userId })
      .whereNull('revoked_at')
      .where('expires_at', '>', clock.now())
      .whereNot({ id })
      .resultSize()
    if (alive >= MOST_KEYS) throw tooMany()
  }

  function seen(key: ApiKey): SeenKey {
    return { key, state: key.stateAt(clock.now()) }
  }
}

type Wanted = { where: Record<string, unknown>; isLive?: boolean; limit: number }

const unknownKey = (id: string) =>
  new AppError('not_found', 'api_keys.not_found', `There is no API key ${id}.`, { id })
const notOffered = () => new AppError('conflict', 'api_keys.not_offered', 'API keys are not offered here.')
const tooMany = () =>
  new AppError(
    'conflict',
    'api_keys.too_many',
    `You have ${MOST_KEYS} API keys: revoke one that nobody needs.`,
    {
      limit: MOST_KEYS,
    },
  )
const clash = (cause: unknown) =>
  new AppError('conflict', 'request.lost_race', 'Another request was first. Try again.', {}, { cause })
