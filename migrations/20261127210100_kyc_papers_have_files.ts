import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    alter table kyc_documents validate constraint kyc_documents_file_id_fkey;
  `)
}

/** What was looked through stays as it is. */
export async function down(): Promise<void> {}
