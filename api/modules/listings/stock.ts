import type { Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { Listing } from './listing.js'

export type StockLine = { listingId: string; quantity: number }

/**
 * Takes every line's quantity or none at all. One conditional update a line: the row's own lock decides
 * between two buyers of the last part. Lines go in the order of their ids, so that two carts holding the
 * same parts wait for one another instead of deadlocking.
 */
export async function takeStock(
  trx: Trx,
  lines: readonly StockLine[],
  options: { onlyActive: boolean },
): Promise<Map<string, Listing>> {
  const taken = new Map<string, Listing>()
  const short: string[] = []
  for (const line of inLockOrder(lines)) {
    const query = Listing.query(trx)
      .findById(line.listingId)
      .where('stock', '>=', line.quantity)
      .patch({ stock: trx.raw('stock - ?', [line.quantity]) as unknown as number })
      .returning('*')
    const listing = (await (options.onlyActive ? query.where({ status: 'ACTIVE' }) : query)) as unknown as
      | Listing
      | undefined
    if (listing) taken.set(line.listingId, listing)
    else short.push(line.listingId)
  }
  if (short.length > 0) {
    throw new AppError(
      'conflict',
      'listings.insufficient_stock',
      'Some parts are not available in the quantity asked for.',
      {
        listingIds: short,
      },
    )
  }
  return taken
}

/** Puts back what an order held. A listing that was removed meanwhile gets its quantity back all the same. */
export async function returnStock(trx: Trx, lines: readonly StockLine[]): Promise<void> {
  for (const line of inLockOrder(lines)) {
    await Listing.query(trx)
      .findById(line.listingId)
      .patch({ stock: trx.raw('stock + ?', [line.quantity]) as unknown as number })
  }
}

/** PostgreSQL reads a uuid in either case: the order must not depend on how it was written. */
function inLockOrder(lines: readonly StockLine[]): StockLine[] {
  const key = (line: StockLine) => line.listingId.toLowerCase()
  return [...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
