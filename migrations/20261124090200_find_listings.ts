import type { Knex } from 'knex'

/**
 * The one way listings are found by words or keys, newest or best first.
 *
 * A word may be in a dozen listings or in half of them, and reading all of them to show twenty would cost more
 * the more there are. So listings are read in batches, newest shelves first: four shelves of 256, four of
 * 2,048 …, until `enough` are found or nothing is left; then the batch is ranked. What did not fit in a batch
 * is in the next one, which begins at the `seq` of the last row given back (its id is null; -1: there is no
 * more). A batch holds about eight times `enough` at the most, however large the table is.
 *
 * A rare word is looked for everywhere at once: up to a thousand listings are read as they come, and where there
 * are more after all, the shelves take over. `rare` is a guess about cost; it changes no result.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(COMPILE)
  await db.raw(SHELVES)
  await db.raw(FIND)
}

/**
 * One search out of its parts: every part must be met, by any of its words (which are stemmed) or keys (which are
 * taken as they are). A part of stop words alone asks for nothing.
 */
const COMPILE = `
  create function compile_search(words text[], keys text[]) returns tsquery
  language plpgsql immutable strict parallel safe as $$
  declare
    wanted tsquery := '';
    said tsquery;
  begin
    for part in 1 .. cardinality(words) loop
      said := case when words[part] = '' then '' else to_tsquery('public.cargoparts', words[part]) end;
      continue when words[part] <> '' and numnode(said) = 0;
      wanted := wanted && (said || keys[part]::tsquery);
    end loop;
    return wanted;
  end $$;
`

const SHELVES = `
  create function shelves_below(level integer, top bigint) returns tsquery
  language sql immutable strict parallel safe as $$
    select string_agg('''s' || level || ':' || shelf || '''', '|')::tsquery
    from generate_series(greatest((top >> level) - 3, 0), top >> level) shelf
  $$;
`

const FIND = `
  create type listing_hit as (score integer, seq bigint, id uuid);

  create function find_listings(
    wanted tsquery,        -- words and keys: what must be met
    typed tsquery,         -- the words as they were typed: what ranks
    rare boolean,          -- it is probably in few listings
    ranked boolean,        -- false: newest first
    start bigint,          -- the newest seq of the batch; null: the newest there is
    after_score integer, after_seq bigint, -- the last row of the page before; null: from the beginning
    page_size integer, enough integer,
    in_condition text, price_from bigint, price_to bigint, of_seller uuid, in_stock boolean,
    featured_at timestamptz, fits_engine text
  ) returns setof listing_hit language plpgsql stable rows 20
  set enable_seqscan = off -- a guess that much is found must not lead to reading the table
  as $$
  declare
    level integer := 8;
    base bigint := coalesce(start, (select max(seq) from public.listings), 0);
    part public.listing_hit[];
    hits public.listing_hit[] := '{}';
  begin
    if rare then
      hits := array(
        select row(case when ranked then LISTING_SCORE else 0 end, l.seq, l.id)::public.listing_hit
        from public.listings l where LISTING_MATCHES and l.seq <= base limit 1001);
      if cardinality(hits) <= 1000 then base := -1; else hits := '{}'; end if;
    end if;
    while base >= 0 loop
      if base < (8::bigint << level) or level > 17 then
        part := array(
          select row(case when ranked then LISTING_SCORE else 0 end, l.seq, l.id)::public.listing_hit
          from public.listings l where LISTING_MATCHES and l.seq <= base);
        base := -1;
      else
        part := array(
          select row(case when ranked then LISTING_SCORE else 0 end, l.seq, l.id)::public.listing_hit
          from public.listings l
          where LISTING_MATCHES and l.search @@ public.shelves_below(level, base) and l.seq <= base);
        base := (((base >> level) - 3) << level) - 1;
        level := level + 3;
      end if;
      hits := hits || part;
      exit when base < 0 or cardinality(hits) >= enough;
    end loop;
    return query
      select h.score, h.seq, h.id from unnest(hits) h
      where after_seq is null or (h.score, h.seq) < (after_score, after_seq)
      order by h.score desc, h.seq desc limit page_size;
    return next row(null, base, null)::public.listing_hit;
  end $$;
`
  .replaceAll(
    'LISTING_MATCHES',
    `l.status = 'ACTIVE' and l.search @@ wanted
          and (in_condition is null or l.condition = in_condition)
          and (price_from is null or l.price_halalas >= price_from)
          and (price_to is null or l.price_halalas <= price_to)
          and (of_seller is null or l.seller_id = of_seller)
          and (not in_stock or l.stock > 0)
          and (featured_at is null or l.featured_until > featured_at)
          and (fits_engine is null or exists (
            select from public.listing_fitments f
            join public.engines e on e.id = fits_engine join public.models m on m.id = e.model_id
            where f.listing_id = l.id and (f.engine_id = e.id or f.engine_id is null
              and (f.model_id = m.id or f.model_id is null and f.make_id = m.make_id))
            offset 0))`, // or the planner may read all fitments there are into a hash table
  )
  // can it be had; then where the words stand, and is it promoted
  .replaceAll(
    'LISTING_SCORE',
    `(1000 * ts_rank(l.search, typed))::integer
            + case when l.stock = 0 then 0 when l.featured_until > now() then 2400 else 2000 end`,
  )

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop function find_listings(tsquery, tsquery, boolean, boolean, bigint, integer, bigint, integer, integer, text, bigint, bigint,
      uuid, boolean, timestamptz, text);
    drop type listing_hit;
    drop function shelves_below(integer, bigint);
    drop function compile_search(text[], text[]);
  `)
}
