import type { Actor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import { redact } from '../../platform/redact.js'
import { BY_AND_ABOUT } from './audit-queries.js'

/** `userId`: whose account it is about, where the object is not the account itself. */
export type AuditObject = { type: string; id: string; orderId?: string; userId?: string }
export type AuditEntry = {
  id: string
  at: Date
  actorKind: Actor['kind']
  actorId: string | null
  /** Of an operator or a job; of a person, the name in their account. */
  actorName: string | null
  action: string
  objectType: string
  objectId: string
  ip: string | null
  userAgent: string | null
  details: Record<string, unknown>
}
export type Deed = { action: string; object: AuditObject; details: Record<string, unknown> }
/** What else a deed leaves behind, in its transaction. */
export type Follower = { record(trx: Trx, actor: Actor, deed: Deed): Promise<void> }
type Deps = { clock: Clock; reads: Reads; cursors: Cursors; followers?: readonly Follower[] }
export type AuditService = ReturnType<typeof createAuditService>

/** Who did what to which thing. Written in the transaction of the deed, so that neither stands without the other. */
export function createAuditService({ clock, reads, cursors, followers = [] }: Deps) {
  return {
    async record(
      trx: Trx,
      actor: Actor,
      action: string,
      object: AuditObject,
      details: Record<string, unknown> = {},
    ): Promise<void> {
      await trx('audit_log').insert({
        id: newId(),
        at: clock.now(),
        actor_kind: actor.kind,
        actor_id: actor.kind === 'user' ? actor.id : null,
        actor_name: 'name' in actor ? actor.name : null,
        action,
        object_type: object.type,
        object_id: object.id,
        order_id: object.orderId ?? (object.type === 'order' ? object.id : null),
        user_id: object.userId ?? (object.type === 'user' ? object.id : null),
        ip: 'ip' in actor ? (actor.ip ?? null) : null,
        user_agent: 'userAgent' in actor ? (actor.userAgent?.slice(0, 300) ?? null) : null,
        details: JSON.stringify(redact({ ...details, ...byKey(actor) })),
      })
      for (const follower of followers) await follower.record(trx, actor, { action, object, details })
    },

    /** What somebody did, and what was done to their account: the newest first. */
    async ofUser(userId: string, { limit, cursor }: PageRequest): Promise<Page<AuditEntry>> {
      const list = `audit:user:${userId}`
      const before = cursor === undefined ? null : cursors.decode(list, cursor)
      const rows = await reads<AuditEntry>(BY_AND_ABOUT, [userId, before, limit + 1])
      return cursors.page(list, rows, limit, row => row.id)
    },
  }
}

/** A system acted for its owner: which of them. */
const byKey = (actor: Actor) => (actor.kind === 'user' && actor.key ? { byKey: actor.key.prefix } : {})
