import { type Actor, requireUser } from '../../platform/actor.js'
import { afterCommit } from '../../platform/after-commit.js'
import type { Broadcast } from '../../platform/broadcast.js'
import { after, type Clock, days } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import { notFound } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Cursors, Page, PageRequest } from '../../platform/page.js'
import type { Reads } from '../../platform/reads.js'
import { ALL, type NotificationRow, UNREAD, UNREAD_STATES, type UnreadState } from './notification-queries.js'
import type { NoticeKind } from './notification-words.js'

export type Notice = { userId: string; kind: NoticeKind; data: Record<string, string> }
export type NotificationService = ReturnType<typeof createNotificationService>
export type NotificationDeps = {
  db: Db
  reads: Reads
  clock: Clock
  cursors: Cursors
  changes: Pick<Broadcast, 'tell'>
}

const READ_KEPT_MS = days(180)
const KEPT_MS = days(400)
const FORGET_AT_ONCE = 5_000

/**
 * What a person should be told. Written in the transaction of its cause, so that neither stands without the other; who
 * watches is told after the commit. The words are chosen in the reader's language when it is shown or sent.
 */
export function createNotificationService({ db, reads, clock, cursors, changes }: NotificationDeps) {
  return {
    add: (trx: Trx, userId: string, kind: NoticeKind, data: Notice['data']): Promise<void> =>
      addAll(trx, [{ userId, kind, data }]),
    addAll,

    /** The caller's, the newest first; those that are unread on request. */
    async mine(
      { limit, cursor, unread }: PageRequest & { unread: boolean },
      actor: Actor,
    ): Promise<Page<NotificationRow>> {
      const { id } = requireUser(actor)
      const list = `notifications:${unread ? 'unread' : 'all'}:${id}`
      const position = cursor === undefined ? [] : cursors.decode(list, cursor).split(' ')
      const [at = null, before = null] = position
      const rows = unread
        ? await reads<NotificationRow>(UNREAD, [id, at, before, limit + 1])
        : await reads<NotificationRow>(ALL, [id, before, limit + 1])
      return cursors.page(list, rows, limit, row => `${row.createdAt.toISOString()} ${row.id}`)
    },

    /** How many the caller has not read; a thousand stands for more. */
    async unread(actor: Actor): Promise<number> {
      const [state] = await states([requireUser(actor).id])
      return state?.unread ?? 0
    },

    states,

    /** Repeated, it stays read since when it was. */
    async markRead(id: string, actor: Actor): Promise<NotificationRow> {
      const user = requireUser(actor)
      const [row] = await db('notifications')
        .where({ id, user_id: user.id })
        .update({ read_at: db.raw('coalesce(read_at, ?)', [clock.now()]) })
        .returning(['id', 'kind', 'data', 'read_at as readAt', 'created_at as createdAt'])
      if (!row) throw notFound('notification', id)
      changes.tell([user.id])
      return row
    },

    /** All of the caller's up to one of them, so that what comes meanwhile is not read unseen. Returns how many. */
    async markAllRead(upTo: string | undefined, actor: Actor): Promise<number> {
      const user = requireUser(actor)
      const own = () => db('notifications').where({ user_id: user.id })
      if (upTo !== undefined && !(await own().where({ id: upTo }).first('id')))
        throw notFound('notification', upTo)
      const unread = own().whereNull('read_at')
      if (upTo !== undefined) unread.where('id', '<=', upTo)
      const marked = await unread.update({ read_at: clock.now() })
      if (marked > 0) changes.tell([user.id])
      return marked
    },

    /** Removes what was read long ago, and what nobody reads any more. Returns how many. */
    async forgetOld(signal?: AbortSignal): Promise<number> {
      const now = clock.now()
      for (let forgotten = 0; ; ) {
        signal?.throwIfAborted()
        const old = db('notifications')
          .where('read_at', '<', after(now, -READ_KEPT_MS))
          .orWhere('created_at', '<', after(now, -KEPT_MS))
        const gone = await db('notifications').whereIn('id', old.limit(FORGET_AT_ONCE).select('id')).delete()
        forgotten += gone
        if (gone < FORGET_AT_ONCE) return forgotten
      }
    },
  }

  /** Once for the same person, kind and facts, however often the caller's work is repeated. */
  async function addAll(trx: Trx, notices: readonly Notice[]): Promise<void> {
    await trx('notifications')
      .insert(
        notices.map(({ userId, kind, data }) => ({
          id: newId(),
          user_id: userId,
          kind,
          data: JSON.stringify(data),
          created_at: clock.now(),
        })),
      )
      .onConflict(['user_id', 'kind', 'data'])
      .ignore()
    afterCommit(trx, () => changes.tell(notices.map(({ userId }) => userId)))
  }

  /** What each of them has to know of their own: one answer for each. */
  async function states(userIds: readonly string[]): Promise<UnreadState[]> {
    return reads<UnreadState>(UNREAD_STATES, [userIds])
  }
}
