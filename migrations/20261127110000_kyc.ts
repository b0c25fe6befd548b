import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';

    -- a release before this one inserts no status of its own, so the new default is right for it too
    alter table sellers drop constraint sellers_status_check;
    alter table sellers alter column status set default 'DRAFT',
      add column approved_at    timestamptz,  -- the first time; null: nobody has seen this seller yet
      add column verified_until date,         -- null: no end is known
      add column rechecked_at   timestamptz;
    update sellers set status = 'DRAFT' where status = 'PENDING';
    -- who was approved without documents has a season to hand them in
    update sellers set approved_at = created_at, verified_until = current_date + 90
      where status in ('APPROVED', 'SUSPENDED');
    alter table sellers add constraint sellers_status_check check (status in
      ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'EXPIRED', 'SUSPENDED'));
    create index sellers_verified_until on sellers (verified_until);
    -- as a column of its own the planner knows how many sell; of the word alone it would guess that next to none do
    alter table sellers add column sells boolean not null generated always as (status = 'APPROVED') stored;

    -- what a seller says of himself. An approval copies it into sellers, where buyers and invoices read it.
    create table kyc_profiles (
      seller_id   uuid primary key references sellers,
      trade_name  text not null,
      legal_name  text not null check (octet_length(legal_name) between 1 and 255),
      cr_number   text not null check (cr_number ~ '^[0-9]{10}$'),
      vat_number  text check (vat_number ~ '^3[0-9]{13}3$'),
      city        text not null,
      holder_name text,                       -- the person whose national ID it is
      national_id bytea,                      -- sealed
      national_id_hint text,
      address     jsonb,
      updated_by  text not null,              -- user:…, operator:…, system:…
      updated_at  timestamptz not null
    );

    -- one going through: a first approval, a renewal, or a look at what a register says of us by now
    create table kyc_cases (
      id              uuid primary key,
      seller_id       uuid not null references sellers,
      kind            text not null check (kind in ('ONBOARDING', 'RENEWAL', 'RECHECK')),
      status          text not null check (status in ('SUBMITTED', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
      consent_version text,                   -- what the seller agreed to; none where nobody but we opened it
      submitted_by    text not null,
      submitted_at    timestamptz not null,
      reviewer        text,
      claimed_at      timestamptz,
      decided_by      text,
      decided_at      timestamptz,
      reasons         jsonb not null default '[]',
      check ((kind = 'RECHECK') or (consent_version is not null)),
      check ((status = 'IN_REVIEW') <= (reviewer is not null)),
      check ((status in ('APPROVED', 'REJECTED')) <= (decided_by is not null and decided_at is not null)),
      check ((status = 'REJECTED') <= (jsonb_array_length(reasons) > 0))
    );
    create unique index kyc_cases_one_open on kyc_cases (seller_id) where status in ('SUBMITTED', 'IN_REVIEW');
    create index kyc_cases_queue on kyc_cases (submitted_at, id) where status in ('SUBMITTED', 'IN_REVIEW');
    create index kyc_cases_seller on kyc_cases (seller_id, submitted_at desc);

    create table kyc_documents (
      id           uuid primary key,
      seller_id    uuid not null references sellers,
      kind         text not null check (kind in ('COMMERCIAL_REGISTRATION', 'VAT_CERTIFICATE', 'NATIONAL_ID', 'BANK_LETTER')),
      file_id      uuid not null,             -- of files, whose rows are never deleted
      number       bytea not null,            -- sealed
      number_hint  text not null,
      issued_on    date not null,
      expires_on   date check (expires_on > issued_on),
      uploaded_by  text not null,
      replaced_at  timestamptz,
      delete_after timestamptz not null,      -- PDPL: when the purpose ends
      created_at   timestamptz not null
    );
    create unique index kyc_documents_one_each on kyc_documents (seller_id, kind) where replaced_at is null;
    create index kyc_documents_delete_after on kyc_documents (delete_after);
    create index kyc_documents_file on kyc_documents (file_id);

    -- what a check found, each time. It holds for the values it was about: subject is their keyed hash.
    create table kyc_checks (
      id         uuid primary key,
      seller_id  uuid not null references sellers,
      kind       text not null check (kind in ('COMMERCIAL_REGISTRATION', 'VAT_NUMBER', 'NATIONAL_ID', 'BANK_ACCOUNT', 'DOCUMENTS')),
      verdict    text not null check (verdict in ('VERIFIED', 'REJECTED', 'PENDING', 'UNAVAILABLE', 'FORMAT_ONLY')),
      source     text not null,
      evidence   jsonb not null,
      subject    bytea not null,
      checked_by text not null,
      checked_at timestamptz not null,
      expires_at timestamptz
    );
    create index kyc_checks_seller on kyc_checks (seller_id, checked_at desc);

    -- where a seller's money goes. A change is asked for by one person and allowed by another.
    create table bank_accounts (
      id           uuid primary key,
      seller_id    uuid not null references sellers,
      iban         bytea not null,            -- sealed
      iban_hint    text not null,
      bank_code    text not null check (bank_code ~ '^[0-9]{2}$'),
      holder_name  text not null,
      status       text not null check (status in ('REQUESTED', 'ACTIVE', 'REJECTED', 'WITHDRAWN', 'REPLACED')),
      requested_by text not null,
      requested_at timestamptz not null,
      decided_by   text,
      decided_at   timestamptz,
      reasons      jsonb not null default '[]',
      check ((status in ('ACTIVE', 'REPLACED', 'REJECTED')) <= (decided_by is not null and decided_by <> requested_by))
    );
    create unique index bank_accounts_one_active on bank_accounts (seller_id) where status = 'ACTIVE';
    create unique index bank_accounts_one_requested on bank_accounts (seller_id) where status = 'REQUESTED';

    -- each reminder once
    create table kyc_reminders (
      seller_id      uuid not null references sellers,
      verified_until date not null,
      days_before    integer not null,
      sent_at        timestamptz not null,
      primary key (seller_id, verified_until, days_before)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table kyc_reminders, bank_accounts, kyc_checks, kyc_documents, kyc_cases, kyc_profiles;
    drop index sellers_verified_until;
    alter table sellers drop constraint sellers_status_check, drop column sells;
    update sellers set status = 'PENDING' where status not in ('APPROVED', 'SUSPENDED');
    alter table sellers alter column status set default 'PENDING',
      drop column approved_at, drop column verified_until, drop column rechecked_at,
      add constraint sellers_status_check check (status in ('PENDING', 'APPROVED', 'SUSPENDED'));
  `)
}
