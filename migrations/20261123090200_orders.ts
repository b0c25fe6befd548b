import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- what a caller has asked for under an Idempotency-Key, and what we answered
    create table idempotency_keys (
      id           uuid primary key,
      user_id      uuid not null references users on delete cascade,
      route        text not null,
      key          text not null check (length(key) between 1 and 255),
      fingerprint  bytea not null,
      locked_until timestamptz not null,
      status       integer,  -- null: still running, or left behind by a crash
      body         json,     -- not jsonb: a repeat gets the members in the order the first answer had them
      created_at   timestamptz not null default now(),
      expires_at   timestamptz not null,
      unique (user_id, route, key)
    );

    create table checkouts (
      id                uuid primary key,
      buyer_id          uuid not null references users,
      -- ties the checkout to its request, so that a request cut short cannot place it twice
      idempotency_id    uuid not null unique,
      total_halalas     bigint not null check (total_halalas > 0),
      delivery_address  jsonb not null,
      created_at        timestamptz not null default now()
    );

    create sequence order_number_seq start with 1000001;

    create table orders (
      id               uuid primary key,
      number           text not null unique default 'CP-' || nextval('order_number_seq'),
      checkout_id      uuid not null references checkouts,
      buyer_id         uuid not null references users,
      seller_id        uuid not null references sellers,
      status           text not null default 'PENDING' check (status in
        ('PENDING', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'EXPIRED', 'REFUNDED')),
      -- total is what the buyer pays; net + vat can miss it by a halala, which a tax document states as rounding
      net_halalas      bigint not null check (net_halalas >= 0),
      vat_halalas      bigint not null check (vat_halalas >= 0),
      rounding_halalas bigint not null check (rounding_halalas between -1 and 1),
      total_halalas    bigint not null check (total_halalas > 0),
      hold_expires_at  timestamptz not null,
      carrier          text,
      tracking_number  text,
      paid_at          timestamptz,
      confirmed_at     timestamptz,
      shipped_at       timestamptz,
      delivered_at     timestamptz,
      cancelled_at     timestamptz,
      created_at       timestamptz not null default now(),
      unique (checkout_id, seller_id),
      check (net_halalas + vat_halalas + rounding_halalas = total_halalas),
      check ((status in ('SHIPPED', 'DELIVERED')) <= (shipped_at is not null))
    );

    create table order_items (
      id                 uuid primary key,
      order_id           uuid not null references orders,
      position           integer not null,
      listing_id         uuid not null references listings,
      title_ar           text not null,
      title_en           text not null,
      part_number        text not null,
      quantity           integer not null check (quantity > 0),
      unit_price_halalas bigint not null check (unit_price_halalas > 0),
      total_halalas      bigint not null check (total_halalas = unit_price_halalas * quantity),
      net_halalas        bigint not null check (net_halalas between 0 and total_halalas),
      vat_basis_points   integer not null check (vat_basis_points between 0 and 10000),
      unique (order_id, position)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table order_items, orders, checkouts, idempotency_keys; drop sequence order_number_seq')
}
