import type { Knex } from 'knex'
import { addVocabulary } from '../api/modules/listings/vocabulary.js'
import { createDatabase } from '../api/platform/database.js'
import { addMissing, type Row } from './add-missing.js'
import { fitmentRows, listingTableRows, listingVocabulary } from './demo/listing-tables.js'
import {
  allocationRows,
  checkoutRows,
  orderItemRows,
  orderRows,
  paidEventRows,
  paymentRows,
} from './demo/orders.js'
import { sellerRows } from './demo/sellers.js'
import { userRows } from './demo/users.js'
import { refuseDemoIn } from './environments.js'
import { put } from './put.js'
import { categoryRows } from './reference/categories.js'
import { makeRows } from './reference/makes.js'
import { synonymRows } from './reference/synonyms.js'
import { engineRows, modelRows } from './reference/vehicles.js'

/** Table to the number of rows that were not there before. */
export type Added = Record<string, number>

/** Loads the reference data, and the demo data where asked. Repeatable; signs in as the schema's owner. */
export async function seedAll(
  ownerUrl: string,
  { demo, environment }: { demo: boolean; environment: string },
): Promise<Added> {
  if (demo) refuseDemoIn(environment)
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-seed',
    poolMin: 0,
    poolMax: 1,
    acquireMs: 20_000,
    statementMs: 60_000,
  })
  try {
    const reference = await seedReference(db)
    return demo ? { ...reference, ...(await seedDemo(db, environment)) } : reference
  } finally {
    await db.destroy()
  }
}

/** What every environment needs, production too. */
export function seedReference(db: Knex): Promise<Added> {
  return db.transaction(async trx => ({
    makes: await put(trx, 'makes', makeRows),
    categories: await put(trx, 'categories', categoryRows),
    models: await put(trx, 'models', modelRows),
    engines: (await addMissing(trx, 'engines', engineRows)).length,
    synonyms: await put(trx, 'synonyms', synonymRows),
  }))
}

/** Sellers, listings and orders to look at; stands on the reference data. Never in production or staging. */
export async function seedDemo(db: Knex, environment: string): Promise<Added> {
  refuseDemoIn(environment)
  const users = await userRows()
  return db.transaction(async trx => {
    const added: Added = {}
    const add = async (table: string, rows: readonly Row[], key?: string[]) => {
      const fresh = await addMissing(trx, table, rows, key)
      added[table] = fresh.length
      return fresh
    }
    await add('users', users)
    await add('sellers', sellerRows)
    await add('listings', listingTableRows)
    await add('listing_fitments', fitmentRows, ['listing_id', 'position'])
    await addVocabulary(trx, listingVocabulary)
    await add('checkouts', checkoutRows)
    const orders = new Set((await add('orders', orderRows)).map(order => order.id))
    await add('order_items', orderItemRows)
    await add('payments', paymentRows)
    await add('payment_allocations', allocationRows, ['payment_id', 'order_id'])
    // only with its order: a row that was done and tidied away since must not come again
    await add(
      'outbox',
      paidEventRows.filter(({ payload }) => orders.has(payload.orderId)),
    )
    return added
  })
}
