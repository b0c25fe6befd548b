import { loadByIds } from '../../platform/batch.js'
import type { DbOrTrx, Trx } from '../../platform/database.js'
import { AppError } from '../../platform/errors.js'
import { Listing } from './listing.js'

export type StockLine = { listingId: string; quantity: number }

/** The listings of a cart as they are on sale now. Refuses at once what cannot be had, but takes nothing. */
export async function onSale(on: DbOrTrx, lines: readonly StockLine[]): Promise<Map<string, Listing>> {
  const found = await loadByIds(
    lines.map(line => line.listingId),
    ids => Listing.query(on).findByIds(ids).where({ status: 'ACTIVE' }),
  )
  refuseShort(lines.filter(line => (found.get(line.listingId)?.stock ?? 0) < line.quantity))
  return found
}

/**
 * Takes every line's quantity or none at all: the row's own lock decides between two buyers of the last
 * part. The rows are locked in the order of their ids, so that two carts holding the same parts wait for one
 * another instead of deadlocking; and by one statement, so that nobody waits long. Call it last in the
 * transaction. (`no key`: what refers to a listing may be inserted meanwhile.)
 */
export async function takeStock(
  trx: Trx,
  lines: readonly StockLine[],
  { onlyActive }: { onlyActive: boolean },
): Promise<void> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `${LOCKED} update listings l set stock = l.stock - k.quantity from locked k
     where l.id = k.id and l.stock >= k.quantity ${onlyActive ? "and l.status = 'ACTIVE'" : ''}
     returning l.id`,
    asArrays(lines),
  )
  const taken = new Set(rows.map(row => row.id))
  refuseShort(lines.filter(line => !taken.has(line.listingId)))
}

/** Puts back what orders held. A listing that was removed meanwhile gets its quantity back all the same. */
export async function returnStock(trx: Trx, lines: readonly StockLine[]): Promise<void> {
  if (lines.length === 0) return
  await trx.raw(
    `${LOCKED} update listings l set stock = l.stock + k.quantity from locked k where l.id = k.id`,
    asArrays(lines),
  )
}

/** Locks the parts of several orders at once, before each order takes its own or is left without. */
export async function lockStock(trx: Trx, lines: readonly StockLine[]): Promise<void> {
  if (lines.length > 0) await trx.raw(`${LOCKED} select count(*) from locked`, asArrays(lines))
}

/** A listing may stand in several lines: they are added up, because one statement changes a row once. */
const LOCKED = `
  with wanted as (
    select id, sum(quantity)::integer as quantity
    from unnest(?::uuid[], ?::integer[]) as line (id, quantity) group by id),
  locked as (
    select id, quantity from listings join wanted using (id) order by id for no key update of listings)`

const asArrays = (lines: readonly StockLine[]) => [
  lines.map(line => line.listingId),
  lines.map(line => line.quantity),
]

function refuseShort(short: readonly StockLine[]): void {
  if (short.length === 0) return
  throw new AppError(
    'conflict',
    'listings.insufficient_stock',
    'Some parts are not available in the quantity asked for.',
    { listingIds: short.map(line => line.listingId) },
  )
}
