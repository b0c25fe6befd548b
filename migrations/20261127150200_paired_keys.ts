import type { Knex } from 'knex'

/** A part and a car together are a key of their own: see keysOf. What is there already gets those of its keys. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    update listings l set keys = (
      select array_agg(key order by key collate "C") from (
        select unnest(l.keys) as key
        union
        select part || '+' || car from unnest(l.keys || ('kc:' || l.category_id)) part, unnest(l.keys) car
        where part like 'kc:%' and part not like '%+%' and car ~ '^(kv|km|w):') keys)
    where exists (select from unnest(l.keys) car where car ~ '^(kv|km|w):')`)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    update listings l set keys = array(select key from unnest(l.keys) key where key not like 'kc:%+%' order by key collate "C")
    where exists (select from unnest(l.keys) key where key like 'kc:%+%')`)
}
