import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';

    -- rows of files are never deleted, so a paper always has one, whether its bytes are still kept or not
    alter table kyc_documents add constraint kyc_documents_file_id_fkey
      foreign key (file_id) references files not valid;

    -- everybody who wrote in it, and so may not decide over it. Whoever wrote last before this stands in updated_by.
    alter table kyc_profiles add column hands text[] not null default '{}';

    alter table sellers
      -- what a suspended seller was, and is again when the suspension is lifted; null: suspended before it was kept
      add column suspended_from text,
      -- when the registers are to be asked about him next; null: 30 days after the last look
      add column recheck_due_at timestamptz;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table sellers drop column recheck_due_at, drop column suspended_from;
    alter table kyc_profiles drop column hands;
    alter table kyc_documents drop constraint kyc_documents_file_id_fkey;
  `)
}
