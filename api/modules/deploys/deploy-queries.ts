import type { Trx } from '../../platform/database.js'

/**
 * Reads `audit_log`. A deploy's id begins with the time it began at, as the trail's own ids do: what was written about
 * it comes after it, and nothing before needs to be looked at.
 */
export async function isOnRecord(trx: Trx, deployId: string): Promise<boolean> {
  const row = await trx('audit_log')
    .where('id', '>', deployId)
    .where({ object_type: 'deploy', object_id: deployId })
    .first('id')
  return row !== undefined
}
