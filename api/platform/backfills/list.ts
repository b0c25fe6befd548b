/**
 * A change to rows that are there already, too many for a migration. Every row is dealt with in its own right, so that any
 * stretch of them may be done twice.
 */
export type Backfill = {
  name: string
  table: string
  /** The primary key, and its type: rows are taken in its order. */
  key: { column: string; type: 'uuid' | 'bigint' | 'text' }
  /** `t` is the row. */
  set: string
  where: string
  why: string
}

export const BACKFILLS: readonly Backfill[] = [
  {
    name: 'audit_log_user',
    table: 'audit_log',
    key: { column: 'id', type: 'uuid' },
    set: `user_id = case t.object_type when 'user' then t.object_id::uuid
      else (select s.user_id from sessions s where s.id = t.object_id::uuid) end`,
    where: `t.user_id is null and t.object_type in ('user', 'session')
      and t.object_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      and (t.object_type = 'user' or exists (select from sessions s where s.id = t.object_id::uuid))`,
    why: 'entries that a release from before whose-history was kept wrote while the new one was being deployed',
  },
]
