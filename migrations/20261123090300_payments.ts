import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table payments (
      id                uuid primary key,
      checkout_id       uuid not null references checkouts,
      buyer_id          uuid not null references users,
      idempotency_id    uuid not null unique,
      provider          text not null,
      method            text not null,
      status            text not null default 'INITIATED' check (status in ('INITIATED', 'PENDING', 'AUTHORIZED',
        'CAPTURED', 'FAILED', 'VOIDED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'UNDER_REVIEW')),
      amount_halalas    bigint not null check (amount_halalas > 0),
      refunded_halalas  bigint not null default 0 check (refunded_halalas between 0 and amount_halalas),
      external_id       text,
      redirect_url      text,
      failure_code      text,
      expires_at        timestamptz not null,
      captured_at       timestamptz,
      created_at        timestamptz not null default now(),
      updated_at        timestamptz not null default now()
    );
    -- a provider's charge belongs to one payment
    create unique index idx_payments_provider_external on payments (provider, external_id);
    -- at most one payment page is open for a checkout at a time
    create unique index payments_one_open on payments (checkout_id) where status in ('INITIATED', 'PENDING', 'AUTHORIZED');

    create table payment_allocations (
      payment_id     uuid not null references payments,
      order_id       uuid not null references orders,
      amount_halalas bigint not null check (amount_halalas > 0),
      primary key (payment_id, order_id)
    );

    create table refunds (
      id             uuid primary key,
      payment_id     uuid not null references payments,
      order_id       uuid not null references orders,
      amount_halalas bigint not null check (amount_halalas > 0),
      reason         text not null,
      status         text not null default 'REQUESTED' check (status in ('REQUESTED', 'PENDING', 'REFUNDED', 'FAILED')),
      external_id    text,
      failure_code   text,
      created_at     timestamptz not null default now(),
      refunded_at    timestamptz,
      unique (payment_id, order_id)
    );

    -- the inbox: what providers told us, each event once
    create table webhook_events (
      id              uuid primary key,
      provider        text not null,
      event_key       text not null,
      object_id       text not null,
      claimed_status  text not null,
      payload         jsonb not null,  -- redacted
      status          text not null default 'received' check (status in ('received', 'processing', 'processed', 'failed', 'dead')),
      outcome         text,
      order_id        uuid references orders,
      deliveries      integer not null default 1,
      attempts        integer not null default 0,
      last_error      text,
      locked_until    timestamptz,
      next_attempt_at timestamptz,
      received_at     timestamptz not null default now(),
      processed_at    timestamptz,
      unique (provider, event_key)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table webhook_events, refunds, payment_allocations, payments')
}
