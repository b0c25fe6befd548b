import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- what a person must look at: one row however often it is seen, until it is over
    create table alerts (
      id           uuid primary key,
      -- what makes two sightings the same trouble
      key          text not null,
      kind         text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
      severity     text not null check (severity in ('warning', 'critical')),
      summary      text not null,
      details      jsonb not null default '{}',
      times        integer not null default 1,
      first_at     timestamptz not null,
      last_at      timestamptz not null,
      -- when it was last sent to people: not again within the hour
      told_at      timestamptz,
      -- names that telling: of many that see it in one instant one tells
      telling      uuid,
      ended_at     timestamptz
    );
    create unique index alerts_open on alerts (key) where ended_at is null;
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table alerts')
}
