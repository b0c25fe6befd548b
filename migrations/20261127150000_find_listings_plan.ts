import type { Knex } from 'knex'

/**
 * find_listings is planned once a connection, not once a call: its planner took longer than its search. The one
 * plan must then be good for every search, so the limit by `seq` is no condition for an index: as a guess it
 * would be a third of the table, read to be thrown away.
 */
export async function up(db: Knex): Promise<void> {
  const known = await definition(db)
  const changed = known
    .replace("SET enable_seqscan TO 'off'", "$&\n SET plan_cache_mode TO 'force_generic_plan'")
    .replaceAll('l.seq <= base', '(l.seq + 0) <= base')
  await db.raw(changed)
}

export async function down(db: Knex): Promise<void> {
  const known = await definition(db)
  const changed = known
    .replace("\n SET plan_cache_mode TO 'force_generic_plan'", '')
    .replaceAll('(l.seq + 0) <= base', 'l.seq <= base')
  await db.raw(changed)
}

/** As PostgreSQL has it: a whole `create or replace`. */
async function definition(db: Knex): Promise<string> {
  const { rows } = await db.raw<{ rows: { definition: string }[] }>(
    `select pg_get_functiondef('public.find_listings'::regproc) as definition`,
  )
  return rows[0]?.definition ?? ''
}
