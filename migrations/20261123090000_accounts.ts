import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table users (
      id              uuid primary key,
      email           text not null unique check (email = lower(email)),
      phone           text check (phone ~ '^\\+9665[0-9]{8}$'),
      phone_verified_at timestamptz,
      name            text not null,
      locale          text not null default 'ar' check (locale in ('ar', 'en')),
      role            text not null default 'buyer' check (role in ('buyer', 'seller', 'officer', 'finance', 'admin')),
      status          text not null default 'ACTIVE' check (status in ('ACTIVE', 'BLOCKED')),
      password_hash   text not null,
      consent_version text not null,
      created_at      timestamptz not null default now()
    );

    -- one row is one signed-in device; its refresh token changes at every use, only the hashes of the newest and the one before it are kept
    create table sessions (
      id            uuid primary key,
      user_id       uuid not null references users on delete cascade,
      refresh_hash  bytea not null,
      previous_hash bytea,
      rotated_at    timestamptz,
      user_agent    text,
      ip            inet,
      last_used_at  timestamptz not null,
      expires_at    timestamptz not null,
      revoked_at    timestamptz,
      created_at    timestamptz not null default now()
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table sessions, users')
}
