import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- what people did, for themselves to look at; goes after a year (see api/modules/activity)
    create table activity_logs (
      id          uuid primary key,
      user_id     uuid not null references users on delete cascade,
      action      text not null check (action ~ '^[a-z]+(_[a-z]+)*$'),
      object_type text not null,
      object_id   text not null,
      ip          inet,
      created_at  timestamptz not null
    );

    -- which business events were counted already: the id is the outbox row's
    create table business_events (
      id    uuid primary key,
      event text not null,
      at    timestamptz not null
    );
    create table business_event_counts (
      day   date not null,  -- in Riyadh
      event text not null,
      count bigint not null check (count > 0),
      primary key (day, event)
    );

    create table seller_analytics (
      seller_id         uuid not null references sellers,
      day               date not null,  -- in Riyadh
      views             bigint not null default 0 check (views >= 0),
      orders            bigint not null default 0 check (orders >= 0),
      units             bigint not null default 0 check (units >= 0),
      gross_halalas     bigint not null default 0 check (gross_halalas >= 0),
      refunded_halalas  bigint not null default 0 check (refunded_halalas >= 0),
      updated_at        timestamptz not null,
      primary key (seller_id, day)
    );
    -- which batches of views were added already: one that comes again is not
    create table view_batches (
      id       uuid primary key,
      added_at timestamptz not null
    );
    -- how far the roll-up of sales has come
    create table analytics_marks (
      name text primary key,
      at   timestamptz not null
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table analytics_marks, view_batches, seller_analytics, business_event_counts, business_events, activity_logs`)
}
