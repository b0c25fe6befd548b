import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- work that must follow a commit: written in the same transaction as its cause
    create table outbox (
      id           uuid primary key,
      topic        text not null,
      payload      jsonb not null,
      available_at timestamptz not null default now(),
      hand_overs   integer not null default 0,
      last_error   text,
      done_at      timestamptz,
      created_at   timestamptz not null default now()
    );
    create index outbox_waiting on outbox (available_at) where done_at is null;

    create table notifications (
      id         uuid primary key,
      user_id    uuid not null references users on delete cascade,
      kind       text not null,
      data       jsonb not null,
      read_at    timestamptz,
      created_at timestamptz not null default now(),
      unique (user_id, kind, data)
    );

    -- append-only: the serving role may insert and read (see api/platform/grants.ts)
    create table audit_log (
      id          uuid primary key,
      at          timestamptz not null default now(),
      actor_kind  text not null,
      actor_id    uuid,
      actor_name  text,
      action      text not null check (action ~ '^[a-z]+(_[a-z]+)*$'),
      object_type text not null,
      object_id   text not null,
      order_id    uuid,
      ip          inet,
      user_agent  text,
      result      text not null default 'ok',
      details     jsonb not null default '{}'
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table audit_log, notifications, outbox')
}
