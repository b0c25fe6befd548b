import type { Actor } from '../../platform/actor.js'
import type { Clock } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import { redact } from '../../platform/redact.js'

export type AuditObject = { type: string; id: string; orderId?: string }
export type AuditService = ReturnType<typeof createAuditService>

/** Who did what to which thing. Written in the transaction of the deed, so that neither stands without the other. */
export function createAuditService({ clock }: { clock: Clock }) {
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
        ip: 'ip' in actor ? (actor.ip ?? null) : null,
        user_agent: 'userAgent' in actor ? (actor.userAgent?.slice(0, 300) ?? null) : null,
        details: JSON.stringify(redact({ ...details, ...byKey(actor) })),
      })
    },
  }
}

/** A system acted for its owner: which of them. */
const byKey = (actor: Actor) => (actor.kind === 'user' && actor.key ? { byKey: actor.key.prefix } : {})
