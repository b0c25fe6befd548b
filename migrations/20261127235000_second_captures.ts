import type { Knex } from 'knex'

export const accepted = {
  'index-blocks-writes': 'its column is new and empty: one pass over a table that gets a row for a refund',
}

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    alter table refunds
      -- what was taken a second time under one payment, by the provider's id: no order's, and all of it goes back
      add column capture_id text,
      alter column order_id drop not null,
      add constraint refunds_of_one_thing check ((order_id is null) = (capture_id is not null)) not valid;
    -- a second capture goes back once
    create unique index refunds_second_capture on refunds (payment_id, capture_id) where capture_id is not null;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    delete from refunds where capture_id is not null;
    drop index refunds_second_capture;
    alter table refunds drop constraint refunds_of_one_thing, alter column order_id set not null,
      drop column capture_id;
  `)
}
