import { type Actor, requireUser } from '../../platform/actor.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads, Statement } from '../../platform/reads.js'

export type ActivityEntry = {
  id: string
  action: string
  objectType: string
  objectId: string
  ip: string | null
  createdAt: Date
}
type Deed = { action: string; object: { type: string; id: string } }
type Deps = { db: Db; reads: Reads; clock: Clock; cursors: Cursors; keepDays: number }
export type ActivityService = ReturnType<typeof createActivityService>

const OF_USER: Statement = {
  text: `
    select id, action, object_type as "objectType", object_id as "objectId", host(ip) as ip, created_at as "createdAt"
    from activity_logs where user_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
    order by created_at desc, id desc limit $4`,
}
const FORGET_AT_ONCE = 5_000

/** What each person did, for that person to look at. The audit log, which nobody rewrites, is another matter. */
export function createActivityService({ db, reads, clock, cursors, keepDays }: Deps) {
  return {
    /** In the transaction of the deed. What a job, an operator or a stranger does is nobody's activity. */
    async record(trx: Trx, actor: Actor, { action, object }: Deed): Promise<void> {
      const userId = doer(actor, object)
      if (userId === undefined) return
      await trx('activity_logs').insert({
        id: newId(),
        user_id: userId,
        action,
        object_type: object.type,
        object_id: object.id,
        ip: 'ip' in actor ? (actor.ip ?? null) : null,
        created_at: clock.now(),
      })
    },

    /** What the caller did, the newest first. */
    async mine({ limit, cursor }: PageRequest, actor: Actor): Promise<Page<ActivityEntry>> {
      const { id: userId } = requireUser(actor)
      const list = `activity:${userId}`
      const [at, id] = cursor === undefined ? [null, null] : cursors.decode(list, cursor).split(' ')
      const rows = await reads<ActivityEntry>(OF_USER, [userId, at, id, limit + 1])
      return cursors.page(list, rows, limit, row => `${row.createdAt.toISOString()} ${row.id}`)
    },

    /** Removes what is older than it is kept. Returns how many entries went. */
    async forgetOld(signal?: AbortSignal): Promise<number> {
      const before = after(clock.now(), -days(keepDays))
      for (let forgotten = 0; ; ) {
        signal?.throwIfAborted()
        const gone = await db('activity_logs')
          .whereIn(
            'id',
            db('activity_logs').where('created_at', '<', before).limit(FORGET_AT_ONCE).select('id'),
          )
          .delete()
        forgotten += gone
        if (gone < FORGET_AT_ONCE) return forgotten
      }
    },
  }
}

/** Whoever opens an account has none before. */
function doer(actor: Actor, object: Deed['object']): string | undefined {
  if (actor.kind === 'user') return actor.id
  return actor.kind === 'anonymous' && object.type === 'user' ? object.id : undefined
}
