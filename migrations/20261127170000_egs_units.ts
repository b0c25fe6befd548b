import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';

    -- private keys that sign documents: encrypted under a key derived from PAYMENT_ENCRYPTION_KEY. Never changed
    create table signing_keys (
      id         uuid primary key,
      sealed     bytea not null,
      public_key bytea not null unique,             -- SubjectPublicKeyInfo, DER
      created_at timestamptz not null
    );

    -- what issues a seller's documents (ZATCA's EGS unit): key, certificate, and the end of its chain. The row is locked
    -- from the hash before to the next one
    create table egs_units (
      id           uuid primary key,
      seller_id    uuid not null references sellers,
      environment  text not null check (environment in ('unsigned', 'sandbox', 'simulation', 'production')),
      state        text not null check (state in ('REQUESTED', 'ACTIVE', 'RETIRED')),
      serial       text not null unique,
      key_id       uuid unique references signing_keys,
      csr          text,
      certificate  text,                            -- DER in base64
      last_counter bigint not null default 0 check (last_counter >= 0),
      last_hash    text not null,
      created_at   timestamptz not null,
      activated_at timestamptz,
      check ((environment = 'unsigned') = (key_id is null)),
      check ((environment = 'unsigned') <= (state = 'RETIRED')),
      check ((state = 'ACTIVE') <= (certificate is not null and activated_at is not null))
    );
    create unique index egs_units_one_at_work on egs_units (seller_id) where state <> 'RETIRED';

    -- a document names its unit; chains of before there were signatures go on as units that issue nothing more
    alter table tax_documents add column unit_id uuid;
    insert into egs_units (id, seller_id, environment, state, serial, last_counter, last_hash, created_at)
      select gen_random_uuid(), c.seller_id, 'unsigned', 'RETIRED', 'unsigned-' || c.seller_id, c.last_counter, c.last_hash,
             (select min(d.created_at) from tax_documents d where d.seller_id = c.seller_id)
        from document_chains c where c.last_counter > 0;
    update tax_documents d set unit_id = u.id from egs_units u where u.seller_id = d.seller_id;
    drop table document_chains;

    alter table tax_documents
      alter column unit_id set not null,
      add foreign key (unit_id) references egs_units,
      add column qr text,                           -- of phase 2; null on what is not signed
      add column digest bytea,                      -- SHA-256 of the bytes of xml, envelope and all
      drop constraint tax_documents_seller_id_counter_key,
      drop constraint tax_documents_seller_id_previous_hash_key,
      add constraint tax_documents_one_a_place unique (unit_id, counter),
      add constraint tax_documents_no_fork unique (unit_id, previous_hash);
    update tax_documents set digest = sha256(convert_to(xml, 'UTF8'));

    -- and no gap: whoever has a place after the first stands on the one before, with that one's hash
    alter table tax_documents
      alter column digest set not null,
      add column before_counter bigint generated always as (case when counter > 1 then counter - 1 end) stored,
      add column before_hash text generated always as (case when counter > 1 then previous_hash end) stored,
      add constraint tax_documents_places unique (unit_id, counter, hash),
      add constraint tax_documents_no_gap
        foreign key (unit_id, before_counter, before_hash) references tax_documents (unit_id, counter, hash);
    create index tax_documents_seller on tax_documents (seller_id);
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    create table document_chains (
      seller_id    uuid primary key references sellers,
      last_counter bigint not null check (last_counter >= 0),
      last_hash    text not null
    );
    -- the release before knows no signatures: it writes these documents anew, without
    delete from tax_documents d using egs_units u where u.id = d.unit_id and u.environment <> 'unsigned';
    insert into document_chains
      select seller_id, last_counter, last_hash from egs_units where environment = 'unsigned';
    drop index tax_documents_seller;
    alter table tax_documents
      drop constraint tax_documents_no_gap,
      drop constraint tax_documents_places,
      drop constraint tax_documents_no_fork,
      drop constraint tax_documents_one_a_place,
      drop column before_hash, drop column before_counter, drop column digest, drop column qr, drop column unit_id,
      add unique (seller_id, counter),
      add unique (seller_id, previous_hash);
    drop table egs_units, signing_keys;
  `)
}
