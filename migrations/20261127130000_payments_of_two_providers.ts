import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table payments
      -- the provider's id of the money that was taken, where it is another than the payment's
      add column capture_id text,
      -- reserve first, take when the order is certain
      add column authorize_first boolean not null default false,
      -- since when an outcome is owed by a provider that would do the same twice
      add column capture_asked_at timestamptz,
      add column return_url text,
      -- for a provider whose card fields stand in a page of ours: what that page loads
      add column fields jsonb;
    create unique index payments_capture on payments (provider, capture_id);

    alter table refunds add column asked_at timestamptz;
    create index refunds_external on refunds (external_id);

    -- our id of what the event is about, where the provider's proof covers it
    alter table webhook_events add column reference text;

    -- every try to give an event its effect: kept, and never changed
    create table webhook_attempts (
      id         uuid primary key,
      event_id   uuid not null references webhook_events on delete cascade,
      number     integer not null check (number > 0),
      -- the worker's own, or whose order it followed
      cause      text not null check (cause in ('delivery', 'retry', 'replay')),
      outcome    text not null,
      error      text,
      started_at timestamptz not null,
      ended_at   timestamptz not null
    );
    create index webhook_attempts_event on webhook_attempts (event_id, started_at);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table webhook_attempts;
    alter table webhook_events drop column reference;
    drop index refunds_external;
    alter table refunds drop column asked_at;
    alter table payments drop column capture_id, drop column authorize_first, drop column capture_asked_at,
      drop column return_url, drop column fields;
  `)
}
