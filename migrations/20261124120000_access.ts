import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table users
      add column email_verified_at timestamptz,
      -- kept beside the factor itself, because every request of a signed-in person asks
      add column has_second_factor boolean not null default false,
      add column blocked_at        timestamptz,
      add column blocked_reason    text;

    -- a TOTP authenticator (RFC 6238): the seed in use, the one being enrolled, both sealed, and the newest time step
    -- whose code was taken. Wrong codes in a row close it for a while.
    create table second_factors (
      user_id      uuid primary key references users on delete cascade,
      seed         bytea,
      pending_seed bytea,
      last_step    bigint not null default 0,
      failures     integer not null default 0,
      locked_until timestamptz,
      confirmed_at timestamptz check ((confirmed_at is null) = (seed is null)),
      created_at   timestamptz not null
    );

    create table recovery_codes (
      code_hash  bytea primary key,             -- HMAC: without the key, a copy of this table opens nothing
      user_id    uuid not null references users on delete cascade,
      used_at    timestamptz,
      created_at timestamptz not null
    );

    -- what somebody has to bring back once: a link from an e-mail, a code from a phone, the second step of a login.
    -- Its secret is computed from the id and a key, so none is stored, here or in the outbox.
    create table challenges (
      id         uuid primary key,
      user_id    uuid not null references users on delete cascade,
      purpose    text not null check (purpose in ('EMAIL', 'PHONE', 'PASSWORD_RESET', 'LOGIN')),
      target     text,                          -- the address or number it proves
      tries      integer not null default 0,
      expires_at timestamptz not null,
      used_at    timestamptz,
      created_at timestamptz not null
    );

    -- signed operations that were carried out: a token is spent by one request, and by its repeats
    create table spent_operations (
      id         uuid primary key,
      spent_by   uuid not null,
      expires_at timestamptz not null
    );

    create table api_keys (
      id           uuid primary key,
      user_id      uuid not null references users on delete cascade,
      name         text not null,
      prefix       text not null unique check (prefix ~ '^cp_[0-9a-f]{12}$'),
      key_hash     bytea not null,
      scopes       text[] not null check (cardinality(scopes) > 0),
      expires_at   timestamptz not null,
      revoked_at   timestamptz,
      last_used_at timestamptz,
      created_at   timestamptz not null
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table api_keys, spent_operations, challenges, recovery_codes, second_factors;
    alter table users drop column email_verified_at, drop column has_second_factor,
      drop column blocked_at, drop column blocked_reason;
  `)
}
