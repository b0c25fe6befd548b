import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- one row a seller and prefix, locked while a number is given: a sequence would leave gaps
    create table invoice_counters (
      seller_id uuid not null references sellers,
      prefix    text not null check (prefix in ('INV', 'CN', 'BILL')),
      last      integer not null check (last > 0),
      primary key (seller_id, prefix)
    );

    -- written once and never changed: everything that stands on the paper is copied in
    create table invoices (
      id               uuid primary key,
      kind             text not null check (kind in ('TAX_INVOICE', 'BILL', 'CREDIT_NOTE')),
      number           text not null unique,
      seller_id        uuid not null references sellers,
      order_id         uuid not null references orders,
      order_number     text not null,
      refund_id        uuid unique references refunds,
      original_id      uuid references invoices,
      seller_name      text not null,
      seller_cr        text not null,
      seller_vat       text,
      buyer_name       text not null,
      lines            jsonb not null,
      net_halalas      bigint not null check (net_halalas >= 0),
      vat_halalas      bigint not null check (vat_halalas >= 0),
      rounding_halalas bigint not null,
      total_halalas    bigint not null check (total_halalas = net_halalas + vat_halalas + rounding_halalas),
      qr               text,
      issued_at        timestamptz not null,
      check ((kind = 'TAX_INVOICE') <= (seller_vat is not null and qr is not null)),
      check ((seller_vat is null) <= (vat_halalas = 0)),
      check ((kind = 'CREDIT_NOTE') = (original_id is not null))
    );
    create unique index invoices_one_per_order on invoices (order_id) where kind <> 'CREDIT_NOTE';
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table invoices, invoice_counters')
}
