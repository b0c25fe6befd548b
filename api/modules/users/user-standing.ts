import type { Actor, Role } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditService } from '../audit/audit-service.js'
import type { SessionService } from '../auth/session-service.js'
import type { ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'
import type { Standing } from './user-queries.js'
import { assertLooksAfter, assertNotOneself } from './user-rank.js'

type Account = { id: string; role: Role; status: Standing }
type Deps = {
  db: Db
  clock: Clock
  audit: AuditService
  security: SecurityLog
  sessions: SessionService
  challenges: ChallengeService
  messages: MessageService
}

/**
 * Who may sign in, and as what. A change is in force with the next request in every process, because each asks the
 * database; the account's sessions end. Repeated, a change changes nothing.
 */
export function createUserStanding(deps: Deps) {
  const { db, clock, audit, security, sessions, challenges, messages } = deps
  return {
    async block(id: string, reason: string, actor: Actor): Promise<void> {
      const isChange = await db.transaction(async trx => {
        const { account, others } = await held(trx, id, actor)
        assertNotOneself(actor, account)
        if (account.status === 'BLOCKED') return false
        assertAnAdminStays(account, others)
        const change = { status: 'BLOCKED', blocked_at: clock.now(), blocked_reason: reason }
        await trx('users').where({ id }).update(change)
        await closeDoors(trx, id)
        await audit.record(trx, actor, 'user_blocked', { type: 'user', id }, { reason })
        await sessions.endAll(trx, id, actor, { reason })
        await messages.add(trx, 'account_blocked', id)
        return true
      })
      if (isChange) security('user_blocked', actor, { user: id })
    },

    /** What ended stays ended: the person signs in again. */
    async unblock(id: string, reason: string, actor: Actor): Promise<void> {
      const isChange = await db.transaction(async trx => {
        const { account } = await held(trx, id, actor)
        assertNotOneself(actor, account)
        if (account.status === 'ACTIVE') return false
        const change = { status: 'ACTIVE', blocked_at: null, blocked_reason: null }
        await trx('users').where({ id }).update(change)
        await audit.record(trx, actor, 'user_unblocked', { type: 'user', id }, { reason })
        await messages.add(trx, 'account_unblocked', id)
        return true
      })
      if (isChange) security('user_unblocked', actor, { user: id })
    },

    /** Staff without a second factor enrol one when they sign in; until then they may do nothing else. */
    async changeRole(id: string, to: Role, reason: string, actor: Actor): Promise<void> {
      const from = await db.transaction(async trx => {
        const { account, others } = await held(trx, id, actor)
        assertMayGiveRoles(actor)
        assertNotOneself(actor, account)
        if (account.role === to) return to
        await assertFitsShop(trx, id, to)
        assertAnAdminStays(account, others)
        await trx('users').where({ id }).update({ role: to })
        await audit.record(
          trx,
          actor,
          'role_changed',
          { type: 'user', id },
          { from: account.role, to, reason },
        )
        await sessions.endAll(trx, id, actor, { reason })
        await messages.add(trx, 'role_changed', id)
        return account.role
      })
      if (from !== to) security('role_changed', actor, { user: id, from, to })
    },
  }

  /**
   * The account, the caller's own and every admin's, as they stand until the transaction ends: of two who act at once,
   * the second sees what the first has done. In one order, so that neither waits for the other.
   */
  async function held(trx: Trx, id: string, actor: Actor): Promise<{ account: Account; others: Account[] }> {
    const rows: Account[] = await trx('users')
      .whereIn('id', actor.kind === 'user' ? [id, actor.id] : [id])
      .orWhere(admins => admins.where({ role: 'admin', status: 'ACTIVE' }))
      .orderBy('id')
      .forNoKeyUpdate()
      .select('id', 'role', 'status')
    const account = rows.find(row => row.id === id)
    const self = actor.kind === 'user' ? rows.find(row => row.id === actor.id) : undefined
    if (actor.kind === 'user' && (self?.role !== actor.role || self.status !== 'ACTIVE')) throw noLonger()
    if (!account) throw notFound('user', id)
    assertLooksAfter(actor, account)
    return { account, others: rows.filter(row => row.id !== id) }
  }

  /** Links and first steps that are out. */
  async function closeDoors(trx: Trx, id: string): Promise<void> {
    for (const purpose of ['LOGIN', 'PASSWORD_RESET', 'INVITATION', 'EMAIL', 'PHONE'] as const)
      await challenges.withdraw(trx, id, purpose)
  }
}

function assertAnAdminStays(account: Account, others: Account[]): void {
  const isAdmin = (each: Account) => each.role === 'admin' && each.status === 'ACTIVE'
  if (!isAdmin(account) || others.some(isAdmin)) return
  throw new AppError('conflict', 'users.last_admin', 'This is the last admin: make another one first.')
}

function assertMayGiveRoles(actor: Actor): void {
  if (actor.kind === 'operator' || (actor.kind === 'user' && actor.role === 'admin')) return
  throw new AppError('forbidden', 'auth.forbidden', 'This needs one of the roles admin.')
}

/** A seller is who has a shop. Staff have none: an officer could approve his own. */
async function assertFitsShop(trx: Trx, id: string, to: Role): Promise<void> {
  const shop = await trx('sellers').where({ owner_id: id }).first('id')
  if (shop && to !== 'seller')
    throw new AppError('conflict', 'users.has_shop', 'Whoever has a shop is a seller, and nothing else.')
  if (!shop && to === 'seller')
    throw new AppError('conflict', 'users.no_shop', 'A seller is who has a shop: let them apply for one.')
}

const noLonger = () =>
  new AppError('forbidden', 'auth.forbidden', 'Your own role was changed or your account blocked meanwhile.')
