import { type Actor, isStaff } from '../../platform/actor.js'
import type { AlertKind } from '../../platform/alert-kinds.js'
import type { Db } from '../../platform/database.js'
import { AppError, notFound } from '../../platform/errors.js'
import type { AuditService } from '../audit/audit-service.js'
import { Alert } from './alert.js'
import type { AlertService } from './alert-service.js'

/** `since`: last seen then or later. */
export type AlertFilter = {
  state: 'open' | 'over' | 'all'
  kind?: AlertKind | undefined
  since?: Date | undefined
  limit: number
}

type Deps = { db: Db; audit: AuditService; alerts: AlertService }
export type AlertDesk = ReturnType<typeof createAlertDesk>

/** What people do about alerts. */
export function createAlertDesk({ db, audit, alerts }: Deps) {
  return {
    /** The critical ones first, then those that were seen last. */
    async list({ state, kind, since, limit }: AlertFilter, actor: Actor): Promise<Alert[]> {
      requireStaff(actor)
      const query = Alert.query(db)
        .orderByRaw("(ended_at is null and severity = 'critical') desc")
        .orderBy([
          { column: 'last_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit)
      if (state === 'open') query.whereNull('ended_at')
      if (state === 'over') query.whereNotNull('ended_at')
      if (kind) query.where({ kind })
      if (since) query.where('last_at', '>=', since)
      return query
    },

    async get(id: string, actor: Actor): Promise<Alert> {
      requireStaff(actor)
      const alert = await Alert.query(db).findById(id)
      if (!alert) throw notFound('alert', id)
      return alert
    },

    /**
     * Somebody dealt with it. It says nothing of the trouble itself: where that goes on, the next sighting is a new
     * alert. `isNews` is false where it was over before.
     */
    async close(id: string, reason: string, actor: Actor): Promise<{ alert: Alert; isNews: boolean }> {
      requireStaff(actor)
      return db.transaction(async trx => {
        const open = await Alert.query(trx).findById(id).forUpdate()
        if (!open) throw notFound('alert', id)
        if (open.endedAt !== null) return { alert: open, isNews: false }
        await alerts.end(trx, open.key)
        const { key, kind } = open
        await audit.record(trx, actor, 'alert_closed', { type: 'alert', id }, { key, kind, reason })
        return { alert: (await Alert.query(trx).findById(id)) as Alert, isNews: true }
      })
    },
  }
}

function requireStaff(actor: Actor): void {
  if (!isStaff(actor)) throw new AppError('forbidden', 'auth.forbidden', 'This is for officers and admins.')
}
