import type { Knex } from 'knex'

/** How far backfills are: each goes on where it stopped. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table backfills (
      name        text primary key,
      -- the last key that was dealt with; null: none yet
      position    text,
      seen        bigint not null default 0,
      changed     bigint not null default 0,
      started_at  timestamptz not null default now(),
      updated_at  timestamptz not null default now(),
      finished_at timestamptz
    )`)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table backfills')
}
