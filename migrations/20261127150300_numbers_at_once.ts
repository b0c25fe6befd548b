import type { Knex } from 'knex'

/**
 * find_numbers ranks a hundred and twenty at once, not a thousand: a number that more listings carry is looked for
 * from the newest on, as a common word is. Ranking all of a popular one took ten times as long as finding a rare one.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw((await definition(db)).replace('limit 1001', 'limit 121'))
}

export async function down(db: Knex): Promise<void> {
  await db.raw((await definition(db)).replace('limit 121', 'limit 1001'))
}

async function definition(db: Knex): Promise<string> {
  const { rows } = await db.raw<{ rows: { definition: string }[] }>(
    `select pg_get_functiondef('public.find_numbers'::regproc) as definition`,
  )
  return rows[0]?.definition ?? ''
}
