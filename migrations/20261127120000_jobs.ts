import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table outbox
      -- what a worker takes it from; rows of a release before this one are the orders' (see api/platform/topics.ts)
      add column lane      text not null default 'orders',
      -- how often its handler was begun, whatever became of it
      add column tries     integer not null default 0,
      -- how often its worker ended in the middle of it
      add column stalls    integer not null default 0,
      -- since when it is in the queue (in Redis); null: not there
      add column queued_at timestamptz,
      -- who is at it, and since when. available_at is then the end of the lease
      add column held_by   text,
      add column held_at   timestamptz,
      -- stands failed, until somebody puts it back to work
      add column failed_at timestamptz;
    update outbox set lane = 'email' where topic in ('message_due', 'password_reset_asked') and done_at is null;

    -- what waits, by queue: rows that are done or stand failed are not in it, however many there are. The table of the
    -- release before holds few rows; a large one would have this index built concurrently.
    create index outbox_due on outbox (lane, available_at) where done_at is null and failed_at is null;
    drop index outbox_waiting;
    -- each row is changed three times and deleted: without this, dead rows would pile up to a fifth of the table first
    alter table outbox set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
      autovacuum_analyze_scale_factor = 0.05);

    create table queue_pauses (
      lane      text primary key,
      paused_at timestamptz not null,
      paused_by text not null
    );

    -- recurring work: which slot was given out last, and how its last run went
    create table recurring_jobs (
      name         text primary key,
      slot         timestamptz not null,
      state        text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
      started_at   timestamptz,
      finished_at  timestamptz,
      dealt_with   integer,
      error        text,
      runs         bigint not null default 0,
      failures     bigint not null default 0,
      missed_slots bigint not null default 0
    );

    -- the newest holder of each lock: a write of an older one is refused (see api/platform/lock.ts)
    create table lock_fences (
      name     text primary key,
      fence    bigint not null,
      holder   text not null,
      taken_at timestamptz not null
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table lock_fences, recurring_jobs, queue_pauses;
    drop index outbox_due;
    create index outbox_waiting on outbox (available_at) where done_at is null;
    alter table outbox reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
      autovacuum_analyze_scale_factor);
    alter table outbox drop column lane, drop column tries, drop column stalls, drop column queued_at,
      drop column held_by, drop column held_at, drop column failed_at;
  `)
}
