import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    alter table refunds validate constraint refunds_of_one_thing;
  `)
}

/** What was looked through stays as it is. */
export async function down(): Promise<void> {}
