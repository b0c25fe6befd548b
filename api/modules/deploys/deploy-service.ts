import type { Actor } from '../../platform/actor.js'
import type { Db } from '../../platform/database.js'
import type { AuditService } from '../audit/audit-service.js'
import { isOnRecord } from './deploy-queries.js'

/** What a deploy folder keeps of one deploy; the rest of its fields are details. */
export type DeployFacts = { id: string; kind: string; outcome: string; steps: unknown }
export type DeployService = ReturnType<typeof createDeployService>

export function createDeployService({ db, audit }: { db: Db; audit: AuditService }) {
  return {
    /**
     * Puts a deploy into the audit trail, once: a record that was taken here and not yet marked so in the folder comes
     * again. False where it was there.
     */
    async record(actor: Actor, { steps: _steps, ...facts }: DeployFacts): Promise<boolean> {
      return db.transaction(async trx => {
        await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`deploy:${facts.id}`])
        if (await isOnRecord(trx, facts.id)) return false
        await audit.record(trx, actor, `release_${facts.outcome}`, { type: 'deploy', id: facts.id }, facts)
        return true
      })
    },
  }
}
