import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';

    -- rows of files are never deleted, so a paper always has one, whether its bytes are still kept or not
    alter table kyc_documents add foreign key (file_id) references files;

    -- everybody who wrote in it, and so may not decide over it. A release before this one leaves them as they are;
    -- whoever wrote last stands in updated_by anyhow.
    alter table kyc_profiles add column hands text[] not null default '{}';
    update kyc_profiles set hands = array[updated_by];

    alter table sellers
      -- what a suspended seller was, and is again when the suspension is lifted; null: suspended before it was kept
      add column suspended_from text check (suspended_from <> 'SUSPENDED'),
      -- when the registers are to be asked about him next; null: at once
      add column recheck_due_at timestamptz;
    update sellers set recheck_due_at = coalesce(rechecked_at, approved_at) + interval '30 days';
    create index sellers_recheck_due on sellers (recheck_due_at nulls first)
      where status in ('SUBMITTED', 'IN_REVIEW', 'APPROVED');
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index sellers_recheck_due;
    alter table sellers drop column recheck_due_at, drop column suspended_from;
    alter table kyc_profiles drop column hands;
    alter table kyc_documents drop constraint kyc_documents_file_id_fkey;
  `)
}
