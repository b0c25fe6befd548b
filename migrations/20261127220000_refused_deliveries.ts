import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- deliveries that were not proven, by the hour: how many, and nothing of what they said
    create table webhook_refusals (
      provider text not null,
      hour     timestamptz not null,
      count    integer not null check (count > 0),
      last_at  timestamptz not null,
      primary key (provider, hour)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table webhook_refusals')
}
