import type { Knex } from 'knex'

/** Listings as they are sold and found: fitment, cross-reference numbers, and one text search column over all of it. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`set local lock_timeout = '10s'`)
  await db.raw(EXTENSION)
  await db.raw(CONFIGURATION)
  await db.raw(FOLD)
  await db.raw(FITMENT)
  await db.raw(CARRIED_OVER)
  await db.raw(LISTINGS)
}

/** Trusted since PostgreSQL 13: the owner of the database may create it. */
const EXTENSION = 'create extension if not exists pg_trgm'

/** English is stemmed; Arabic is only folded, because its stemmer takes فلتر (filter) for لتر (litre). */
const CONFIGURATION = `
  create text search configuration cargoparts (copy = pg_catalog.simple);
  alter text search configuration cargoparts
    alter mapping for asciiword, asciihword, hword_asciipart with english_stem;
`

/**
 * One spelling for what readers take for the same. Chains of replace() because translate() looks through its
 * whole list for every letter, which made a row of two titles three times as dear. The rare letters go the
 * slow way, and only where there is one.
 */
const FOLD = `
  create function fold_rare(text) returns text language plpgsql immutable strict parallel safe as $$
  begin
    if $1 ~ U&'[^\\0009\\000A\\000D -~\\060C\\061B\\061F\\0621-\\063A\\0641-\\064A\\2013\\2014\\2018-\\201D]' then
      return translate(normalize($1, NFKC),
        'یېکگپچڤژ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹àáâäãåçèéêëìíîïñòóôöõøùúûüýÿšžÀÁÂÄÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝŠŽ' ||
        U&'\\00AD\\061C\\0640\\064B\\064C\\064D\\064E\\064F\\0650\\0651\\0652\\0653\\0654\\0655\\0670\\200B\\200C\\200D\\200E\\200F\\202A\\202B\\202C\\202D\\202E' ||
        U&'\\2060\\2061\\2062\\2063\\2064\\2065\\2066\\2067\\2068\\2069\\FEFF',
        'ييككبجفز01234567890123456789aaaaaaceeeeiiiinoooooouuuuyyszaaaaaaceeeeiiiinoooooouuuuysz');
    end if;
    return $1;
  end $$;

  -- its argument stands in it once, so that the planner can put it in place of the call
  create function fold(text) returns text language sql immutable parallel safe as $$
    select replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
             replace(replace(replace(replace(replace(replace(replace(replace(
      public.fold_rare($1),
      'أ', 'ا'), 'إ', 'ا'), 'آ', 'ا'), 'ٱ', 'ا'), 'ى', 'ي'), 'ة', 'ه'), 'ؤ', 'و'), 'ئ', 'ي'), 'ء', ''),
      '-', ' '), '/', ' '), '.', ' '), '_', ' '), '+', ' '), '@', ' '), '<', ' '), '&', ' '), '~', ' ')
  $$;

  -- 04465-06090, 04465 06090 and ٠٤٤٦٥٠٦٠٩٠ are one number; most come in capitals and dashes
  create function part_key(text) returns text language plpgsql immutable strict parallel safe as $$
  begin
    if $1 ~ '^[A-Z0-9-]+$' then return replace($1, '-', ''); end if;
    return upper(regexp_replace(public.fold($1), '[^A-Za-z0-9]', '', 'g'));
  end $$;
`

/**
 * `search` holds the words, and beside them exact keys that are no words, so that one index answers every
 * combination: * all, c: category, b: brand, n: part number, whatever `keys` adds (the cars a part fits, its
 * cross-reference numbers), and the shelves a listing stands on. Shelves hold listings in the order they came,
 * 256 to a shelf of the smallest kind, eight times as many of the next: a search looks at the newest shelves
 * first, and only as far as it must (find_listings).
 */
const LISTINGS = `
  drop index if exists idx_listings_search, idx_listings_newest; -- built anew by indexes:create
  alter table listings
    drop column search,
    drop column make_id,
    add column sku text check (sku <> ''), -- the seller's own number
    add column warranty_months smallint check (warranty_months between 0 and 120),
    add column state text not null generated always as (
      case when status = 'ACTIVE' and stock = 0 then 'SOLD_OUT' else status end) stored,
    add column search tsvector not null generated always as (
      array_to_tsvector(keys || array['*', 'c:' || category_id, 'kc:' || category_id, 'b:' || lower(brand), 'n:' || public.part_key(part_number),
        's8:' || (seq >> 8), 's11:' || (seq >> 11), 's14:' || (seq >> 14), 's17:' || (seq >> 17)]) ||
      setweight(to_tsvector('public.cargoparts', public.fold(title_ar || ' ' || title_en || ' ' || brand)), 'A') ||
      case when description_ar = '' and description_en = '' then '' else
        setweight(to_tsvector('public.cargoparts', public.fold(description_ar || ' ' || description_en)), 'D') end
    ) stored;
  -- what a page of results reads stays in the row; long descriptions move out
  alter table listings alter column search set storage main, alter column search set statistics 300;
  create unique index listings_seq_key on listings (seq);
  create unique index listings_sku_key on listings (seller_id, sku) where sku is not null;
`

/**
 * A listing's make was one column; what it fits was said in words, and stays to be said as fitments: "by Toyota" is
 * not "for every Toyota". Its place is by its age, which is the order it came in.
 */
const CARRIED_OVER = `
  alter table listings add column keys text[] not null default '{}', add column seq bigint;
  update listings set seq = aged.place, keys = array_remove(array['km:' || make_id], null)
    from (select id, row_number() over (order by created_at, id) as place from listings) aged
    where aged.id = listings.id;
  alter table listings alter column seq set not null, alter column seq add generated always as identity;
  select setval(pg_get_serial_sequence('listings', 'seq'), max(seq)) from listings having max(seq) is not null;
`

const FITMENT = `
  create table listing_fitments (
    listing_id uuid not null references listings on delete cascade,
    position   smallint not null,
    make_id    text not null references makes,
    model_id   text, -- null: every model of the make, whatever its year
    engine_id  text, -- null: whatever the engine
    year_from  smallint check (year_from between 1950 and 2100),
    year_to    smallint check (year_to between year_from and 2100),
    primary key (listing_id, position),
    foreign key (model_id, make_id) references models (id, make_id),
    foreign key (engine_id, model_id) references engines (id, model_id),
    check (engine_id is null or model_id is not null),
    check (num_nulls(model_id, year_from, year_to) in (0, 3))
  );

  create table listing_numbers (
    listing_id uuid not null references listings on delete cascade,
    position   smallint not null,
    kind       text not null check (kind in ('OEM', 'AFTERMARKET', 'SUPERSEDED')),
    number     text not null check (number <> ''),
    primary key (listing_id, position)
  );

  -- what words and numbers occur at all, to mend a search that finds nothing. Advice: rebuilt at any time.
  create table search_words (word text primary key);
  create table search_numbers (number text primary key);
`

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table listings add column make_id text references makes;
    update listings set make_id = fitment.make_id from listing_fitments fitment
      where fitment.listing_id = listings.id and fitment.position = 0;
    drop table search_words, search_numbers, listing_numbers, listing_fitments;
    drop index if exists idx_listings_search, idx_listings_newest;
    alter table listings drop column search, drop column state, drop column keys, drop column warranty_months, drop column sku,
      drop column seq;
    alter table listings add column search tsvector not null generated always as (
      to_tsvector('simple', title_ar || ' ' || title_en || ' ' || brand || ' ' || part_number || ' ' ||
        translate(part_number, '- ./', '') || ' ' || description_ar || ' ' || description_en)) stored;
    drop function part_key(text), fold(text), fold_rare(text);
    drop text search configuration cargoparts;
  `)
}
