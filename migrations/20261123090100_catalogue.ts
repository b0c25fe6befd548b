import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table makes (
      id      text primary key check (id ~ '^[a-z0-9-]+$'),
      name_ar text not null,
      name_en text not null
    );

    create table categories (
      id        text primary key check (id ~ '^[a-z0-9-]+$'),
      parent_id text references categories,
      name_ar   text not null,
      name_en   text not null,
      position  integer not null default 0
    );

    create table sellers (
      id          uuid primary key,
      owner_id    uuid not null unique references users,
      series      integer not null unique generated always as identity (start with 1001), -- stands in invoice numbers
      trade_name  text not null,
      -- 255 bytes is what one field of an invoice's QR code can hold
      legal_name  text not null check (octet_length(legal_name) between 1 and 255),
      cr_number   text not null unique check (cr_number ~ '^[0-9]{10}$'),
      vat_number  text unique check (vat_number ~ '^3[0-9]{13}3$'), -- null: not registered for VAT
      city        text not null,
      status      text not null default 'PENDING' check (status in ('PENDING', 'APPROVED', 'SUSPENDED')),
      created_at  timestamptz not null default now()
    );

    create table listings (
      id             uuid primary key,
      seller_id      uuid not null references sellers,
      category_id    text not null references categories,
      make_id        text references makes,
      title_ar       text not null,
      title_en       text not null,
      description_ar text not null default '',
      description_en text not null default '',
      part_number    text not null,
      brand          text not null default '',
      condition      text not null default 'NEW' check (condition in ('NEW', 'USED', 'REFURBISHED')),
      price_halalas  bigint not null check (price_halalas > 0 and price_halalas < 1000000000), -- VAT included
      stock          integer not null default 0 check (stock >= 0),
      status         text not null default 'DRAFT' check (status in ('DRAFT', 'ACTIVE', 'PAUSED', 'REMOVED')),
      featured_until timestamptz,
      search         tsvector not null generated always as (
        to_tsvector('simple', title_ar || ' ' || title_en || ' ' || brand || ' ' || part_number || ' ' ||
          translate(part_number, '- ./', '') || ' ' || description_ar || ' ' || description_en)
      ) stored,
      created_at     timestamptz not null default now(),
      updated_at     timestamptz not null default now()
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table listings, sellers, categories, makes')
}
