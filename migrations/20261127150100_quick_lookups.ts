import type { Knex } from 'knex'

/**
 * Look-ups that are planned once a connection, as find_listings is: their planner, too, took longer than they do.
 *
 * find_numbers: searches that are nothing but a part number each, several at once, ranked as find_listings ranks. More than
 * a thousand found: there may be better ones than these.
 *
 * near_words: the words nearest to one typed, by trigrams they share. Of a list of words by trigram, only those with
 * some of its own are looked at; the index it stood on before visited most of its pages to tell that none was
 * nearer.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(FIND_NUMBERS)
  await db.raw('select show_limit()') // loads pg_trgm: nobody but a superuser may name a setting before it is known
  await db.raw(NEAR_WORDS)
  await db.raw('drop index if exists idx_search_words_near') // indexes:create builds the other
}

const FIND_NUMBERS = `
  create type number_hit as (at integer, score integer, seq bigint, id uuid, found integer);

  create function find_numbers(words text[], keys text[], page_size integer)
  returns setof number_hit language plpgsql stable rows 20
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  as $$
  declare
    typed tsquery;
    wanted tsquery;
  begin
    for part in 1 .. cardinality(words) loop
      typed := to_tsquery('public.cargoparts', words[part]);
      wanted := typed || keys[part]::tsquery;
      return query
        select part, h.score, h.seq, h.id, (count(*) over ())::integer from (
          select LISTING_SCORE as score, l.seq, l.id
          from public.listings l join public.sellers s on s.id = l.seller_id and s.sells
          where l.status = 'ACTIVE' and l.search @@ wanted limit 1001) h
        order by h.score desc, h.seq desc limit page_size;
    end loop;
  end $$;
`.replace(
  'LISTING_SCORE', // of find_listings
  `(1000 * ts_rank(l.search, typed))::integer
            + case when l.stock = 0 then 0 when l.featured_until > now() then 2400 else 2000 end`,
)

const NEAR_WORDS = `
  create function near_words(typed text) returns setof text language plpgsql stable rows 16
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  set pg_trgm.similarity_threshold = 0.14 -- four letters with the second one wrong
  as $$
  begin
    return query select w.word from public.search_words w where w.word % typed order by w.word <-> typed, w.word limit 16;
  end $$;
`

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index if exists idx_search_words_trigrams;
    drop function near_words(text);
    drop function find_numbers(text[], text[], integer);
    drop type number_hit;
  `)
}
