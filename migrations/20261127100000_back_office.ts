import type { Knex } from 'knex'

/** Whose account an act is about, so that an account's history is read by an index; and invitations. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`set local lock_timeout = '10s'`)
  await db.raw(`
    alter table audit_log add column user_id uuid;
    update audit_log set user_id = object_id::uuid where object_type = 'user';
    update audit_log a set user_id = s.user_id from sessions s
      where a.object_type = 'session' and a.object_id = s.id::text;

    alter table challenges drop constraint challenges_purpose_check,
      add constraint challenges_purpose_check
        check (purpose in ('EMAIL', 'PHONE', 'PASSWORD_RESET', 'LOGIN', 'INVITATION'));
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    -- they stand on the function fold, which the migration that made it takes away
    drop index if exists idx_users_name, idx_sellers_trade_name;
    delete from challenges where purpose = 'INVITATION';
    alter table challenges drop constraint challenges_purpose_check,
      add constraint challenges_purpose_check check (purpose in ('EMAIL', 'PHONE', 'PASSWORD_RESET', 'LOGIN'));
    alter table audit_log drop column user_id;
  `)
}
