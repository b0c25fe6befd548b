import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- where a tax document says the seller is: the national address
    alter table sellers add column address jsonb;

    -- a buyer's firm: what it buys gets a tax invoice instead of a simplified one
    create table companies (
      id         uuid primary key,
      user_id    uuid not null unique references users on delete cascade,
      name       text not null check (length(name) between 1 and 255),
      vat_number text check (vat_number ~ '^3[0-9]{13}3$'),
      id_scheme  text check (id_scheme in ('CRN', '700', 'MOM', 'MLS', 'SAG', 'TIN', 'NAT', 'IQA', 'GCC', 'PAS', 'OTH')),
      id_value   text check (id_value ~ '^[A-Za-z0-9]{1,30}$'),
      address    jsonb not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check ((id_scheme is null) = (id_value is null)),
      check (vat_number is not null or id_value is not null)
    );

    -- null of form: a bill without VAT, or a document from before there were two forms (those are simplified)
    alter table invoices
      add column form           text check (form in ('TAX', 'SIMPLIFIED')),
      add column seller_address jsonb,
      add column buyer_company  jsonb,
      add check ((form = 'TAX') <= (buyer_company is not null)),
      add check (form is null or seller_vat is not null);

    -- the end of the chain of each issuing unit: its row is locked from the hash before to the next one
    create table document_chains (
      seller_id    uuid primary key references sellers,
      last_counter bigint not null check (last_counter >= 0),
      last_hash    text not null
    );

    -- the document as it goes to ZATCA. Written once and never changed, beside the row it was made from
    create table tax_documents (
      invoice_id    uuid primary key references invoices,
      seller_id     uuid not null references sellers,
      counter       bigint not null check (counter > 0),
      previous_hash text not null,
      hash          text not null,
      xml           text not null,
      created_at    timestamptz not null,
      unique (seller_id, counter),
      unique (seller_id, previous_hash)             -- no two documents after the same one: a fork cannot be stored
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table tax_documents, document_chains, companies;
    alter table invoices drop column form, drop column seller_address, drop column buyer_company;
    alter table sellers drop column address;
  `)
}
