import { type Actor, isStaffRole, ROLES } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import { notFound } from '../../platform/errors.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import type { SecurityLog } from '../../platform/security-log.js'
import type { AuditEntry, AuditService } from '../audit/audit-service.js'
import type { Passwords } from '../auth/password.js'
import type { Session } from '../auth/session.js'
import type { SessionService } from '../auth/session-service.js'
import type { ChallengeService } from '../challenges/challenge-service.js'
import type { MessageService } from '../messages/message-service.js'
import { createUserCreation } from './user-creation.js'
import { USER_DETAIL, type UserCard, type UserDetail, type UserFilters, usersFound } from './user-queries.js'
import { assertLooksAfter } from './user-rank.js'
import { createUserStanding } from './user-standing.js'

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  cursors: Cursors
  audit: AuditService
  security: SecurityLog
  passwords: Passwords
  sessions: SessionService
  challenges: ChallengeService
  messages: MessageService
  /** Refuses a password that is easily guessed. */
  assertGoodPassword(password: string, about: readonly string[]): Promise<void>
}
export type UserService = ReturnType<typeof createUserService>
/** Part of what the back office looks at; the audit trail says which. */
type Look = 'account' | 'sessions' | 'activity'

/** Other people's accounts, as the back office sees and manages them. Whoever looks into one leaves a trace. */
export function createUserService(deps: Deps) {
  const { db, reads, clock, cursors, audit, sessions } = deps
  const standing = createUserStanding(deps)

  return {
    ...createUserCreation(deps),

    /** The newest first. */
    async search({ limit, cursor, ...filters }: UserFilters & PageRequest): Promise<Page<UserCard>> {
      const list = `users:${JSON.stringify(filters)}`
      const before = cursor === undefined ? undefined : cursors.decode(list, cursor)
      const { statement, values } = usersFound(filters, { before, limit: limit + 1 })
      return cursors.page(list, await reads<UserCard>(statement, values), limit, user => user.id)
    },

    async get(id: string, actor: Actor): Promise<UserDetail> {
      return seen(id, actor, 'account')
    },

    /** Where the account is signed in. */
    async sessionsOf(id: string, actor: Actor): Promise<Session[]> {
      await seen(id, actor, 'sessions')
      return sessions.of(id)
    },

    /** What the person did, and what was done to the account: the newest first. */
    async activity(id: string, page: PageRequest, actor: Actor): Promise<Page<AuditEntry>> {
      // not once more for each page of the same look
      await (page.cursor === undefined ? seen(id, actor, 'activity') : found(id, actor))
      return audit.ofUser(id, page)
    },

    /** One session, or all. Returns how many ended: none when repeated. */
    async endSessions(id: string, { sessionId, reason }: Ending, actor: Actor): Promise<number> {
      await found(id, actor)
      return sessionId ? sessions.revoke(id, sessionId, actor, reason) : sessions.revokeAll(id, actor, reason)
    },

    async block(id: string, reason: string, actor: Actor): Promise<UserDetail> {
      await standing.block(id, reason, actor)
      return detail(id)
    },

    async unblock(id: string, reason: string, actor: Actor): Promise<UserDetail> {
      await standing.unblock(id, reason, actor)
      return detail(id)
    },

    async changeRole(id: string, to: UserDetail['role'], reason: string, actor: Actor): Promise<UserDetail> {
      await standing.changeRole(id, to, reason, actor)
      return detail(id)
    },

    /** Everybody who has rights over others. */
    async staff(actor: Actor): Promise<UserCard[]> {
      const found: UserCard[] = []
      for (const role of ROLES.filter(isStaffRole)) {
        const { statement, values } = usersFound({ role }, { before: undefined, limit: MOST_STAFF })
        found.push(...(await reads<UserCard>(statement, values)))
      }
      await db.transaction(trx => audit.record(trx, actor, 'staff_listed', { type: 'role', id: 'staff' }))
      return found
    },

    /** For operators: the id behind an e-mail address or an id. */
    async named(emailOrId: string): Promise<string> {
      const by = emailOrId.includes('@') ? { email: emailOrId.toLowerCase() } : { id: emailOrId }
      const user = await db('users').where(by).first('id')
      if (!user) throw notFound('user', emailOrId)
      return user.id
    },
  }

  async function seen(id: string, actor: Actor, look: Look): Promise<UserDetail> {
    const user = await found(id, actor)
    await db.transaction(trx => audit.record(trx, actor, 'user_viewed', { type: 'user', id }, { look }))
    return user
  }

  async function found(id: string, actor: Actor): Promise<UserDetail> {
    const user = await detail(id)
    assertLooksAfter(actor, user)
    return user
  }

  async function detail(id: string): Promise<UserDetail> {
    const [user] = await reads<UserDetail>(USER_DETAIL, [id, clock.now()])
    if (!user) throw notFound('user', id)
    return user
  }
}

/** Of one role, in a list. */
const MOST_STAFF = 1_000

type Ending = { sessionId?: string | undefined; reason: string }
