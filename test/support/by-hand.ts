import type { TestContext } from './context.js'

/**
 * Puts rows into a state they did not come to by themselves. The database lets nobody do that but the schema's
 * owner, who sets the guard aside for one transaction.
 */
export async function putByHand(
  t: TestContext,
  table: 'orders' | 'payments' | 'refunds',
  where: Record<string, unknown>,
  change: Record<string, unknown>,
): Promise<void> {
  await t.owner.transaction(async trx => {
    await trx.raw('alter table ?? disable trigger ??', [table, `${table}_transition`])
    for (const [column, value] of Object.entries(where))
      await trx(table)
        .whereIn(column, [value].flat() as string[])
        .update(change)
    await trx.raw('alter table ?? enable trigger ??', [table, `${table}_transition`])
  })
}
