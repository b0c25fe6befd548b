import type { Statement } from '../../platform/reads.js'

export type NotificationRow = {
  id: string
  kind: string
  data: Record<string, string>
  readAt: Date | null
  createdAt: Date
}

const COLUMNS = 'id, kind, data, read_at as "readAt", created_at as "createdAt"'

/** Of the person $1 those before $2, $3 at most; ids are in the order they were made. */
export const ALL: Statement = {
  name: 'notifications-all',
  text: `select ${COLUMNS} from notifications where user_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
}
/** The same of what is unread; the dates and ids say where the page before ended. */
export const UNREAD: Statement = {
  text: `
    select ${COLUMNS} from notifications
    where user_id = $1 and read_at is null and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
    order by created_at desc, id desc limit $4`,
}

/** Nobody reads on from there; counting through a hundred thousand would cost each time. */
export const MOST_COUNTED = 1_000

export type UnreadState = { userId: string; unread: number; newest: string | null }

/** Of each person in $1 how many are unread, and which came last. */
export const UNREAD_STATES: Statement = {
  name: 'notifications-unread-states',
  text: `
    select u.id as "userId",
      (select count(*)::int from (
        select from notifications where user_id = u.id and read_at is null limit ${MOST_COUNTED}) c) as unread,
      (select id from notifications where user_id = u.id order by id desc limit 1) as newest
    from unnest($1::uuid[]) u (id)`,
}
