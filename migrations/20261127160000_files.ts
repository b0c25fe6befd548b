import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';

    -- private files: what somebody handed in, kept encrypted in the storage under a key that tells nothing
    create table files (
      id           uuid primary key,
      owner_id     uuid not null references users,
      purpose      text not null check (purpose in ('KYC')),
      key          text not null,
      type         text not null check (type in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
      size         integer not null check (size between 1 and 10485760),
      name         text not null check (char_length(name) between 1 and 255),
      delete_after timestamptz,                     -- PDPL: when the purpose ends
      removed_at   timestamptz,
      created_at   timestamptz not null
    );
    create index files_key on files (key) where removed_at is null;
    create index files_owner on files (owner_id);
    create index files_delete_after on files (delete_after) where removed_at is null;

    -- pictures of a listing in their order, each {id, content, width, height}: read with every card, so kept in the row;
    -- the storage holds each in several sizes
    alter table listings add column photos jsonb not null default '[]'
      check (jsonb_typeof(photos) = 'array' and jsonb_array_length(photos) <= 12);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table listings drop column photos;
    drop table files;
  `)
}
