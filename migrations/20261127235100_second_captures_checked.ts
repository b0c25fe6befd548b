import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    alter table refunds validate constraint refunds_of_one_thing;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table refunds drop constraint refunds_of_one_thing,
      add constraint refunds_of_one_thing check ((order_id is null) = (capture_id is not null)) not valid;
  `)
}
