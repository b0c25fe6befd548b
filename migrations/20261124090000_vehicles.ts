import type { Knex } from 'knex'

/** Reference data: what a part can fit, and the words people use for it. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table makes add column words text[] not null default '{}';
    alter table categories add column words text[] not null default '{}';

    create table models (
      id        text primary key check (id ~ '^[a-z0-9-]{1,60}$'),
      make_id   text not null references makes,
      name_ar   text not null,
      name_en   text not null,
      year_from smallint not null check (year_from between 1950 and 2100),
      year_to   smallint check (year_to between year_from and 2100), -- null: still sold
      words     text[] not null default '{}',
      unique (id, make_id)
    );

    create table engines (
      id              text primary key check (id ~ '^[a-z0-9-]{1,80}$'),
      model_id        text not null references models,
      code            text not null,
      displacement_cc integer check (displacement_cc > 0), -- null: electric
      fuel            text not null check (fuel in ('PETROL', 'DIESEL', 'HYBRID', 'ELECTRIC')),
      year_from       smallint not null check (year_from between 1950 and 2100),
      year_to         smallint check (year_to between year_from and 2100),
      unique (id, model_id)
    );

    -- words and short phrases that mean the same wherever they stand
    create table synonyms (
      id    text primary key,
      words text[] not null check (cardinality(words) > 1)
    );
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table synonyms, engines, models;
    alter table categories drop column words;
    alter table makes drop column words;
  `)
}
