import type { Trx } from '../../../platform/database.js'
import { FITS, NUMBERS } from '../listing-queries.js'
import { replaceFitments, replaceNumbers } from '../listing-writing.js'
import type { Whole, Write } from './row-plan.js'

/** The fields of a listing by the columns they stand in. */
const COLUMNS = {
  sku: 'sku text',
  titleAr: 'title_ar text',
  titleEn: 'title_en text',
  descriptionAr: 'description_ar text',
  descriptionEn: 'description_en text',
  categoryId: 'category_id text',
  partNumber: 'part_number text',
  brand: 'brand text',
  condition: 'condition text',
  priceHalalas: 'price_halalas bigint',
  stock: 'stock integer',
  warrantyMonths: 'warranty_months smallint',
  status: 'status text',
} as const
type Field = keyof typeof COLUMNS
const FIELDS = Object.keys(COLUMNS) as Field[]
/** What a listing is not found by. To write any other column is to build its search column anew. */
const UNSEARCHED: Field[] = ['condition', 'priceHalalas', 'stock', 'warrantyMonths', 'status']

const nameOf = (field: Field): string => COLUMNS[field].split(' ')[0] as string
const SELECTED = FIELDS.map(field => `l.${nameOf(field)} as "${field}"`).join(', ')

/**
 * What the seller has under these numbers, locked until the transaction ends: in the order of their ids, as orders
 * lock them. They are read after they are locked, because a lock may have been waited for.
 */
export async function ownBySku(trx: Trx, sellerId: string, skus: string[]): Promise<Map<string, Whole>> {
  const { rows: locked } = await trx.raw<{ rows: { id: string }[] }>(
    `select id from listings where seller_id = ? and sku = any(?::text[]) and status <> 'REMOVED'
     order by id for no key update`,
    [sellerId, skus],
  )
  const { rows } = await trx.raw<{ rows: Whole[] }>(
    `select l.id, ${SELECTED}, ${FITS} as fits, ${NUMBERS} as "crossReferences"
     from listings l where l.id = any(?::uuid[])`,
    [locked.map(row => row.id)],
  )
  return new Map(rows.map(row => [row.sku as string, row])) // found by it
}

/** Writes what differs, with as many statements for five hundred listings as for one. */
export async function store(
  trx: Trx,
  writes: readonly Write[],
  { sellerId, at }: { sellerId: string; at: Date },
): Promise<void> {
  await insert(
    trx,
    writes.filter(write => write.isNew),
    sellerId,
  )
  const changed = writes.filter(write => !write.isNew)
  await update(trx, changed.filter(isSearched), FIELDS, at)
  await update(
    trx,
    changed.filter(write => !isSearched(write)),
    UNSEARCHED,
    at,
  )
  const having = <K extends 'fits' | 'crossReferences'>(field: K) =>
    new Map(
      writes
        .filter(({ changed }) => changed.has(field))
        .map(({ listing }) => [listing.id, listing[field]] as const),
    )
  await replaceFitments(trx, having('fits'))
  await replaceNumbers(trx, having('crossReferences'))
}

export const isSearched = ({ isNew, changed }: Write): boolean =>
  isNew || [...changed].some(field => !UNSEARCHED.includes(field as Field))

/** Somebody else gave out one of the numbers meanwhile: what was looked up is no longer so. */
export class NumberTaken extends Error {}

async function insert(trx: Trx, writes: readonly Write[], sellerId: string): Promise<void> {
  if (writes.length === 0) return
  const names = ['id', ...FIELDS.map(nameOf), 'keys']
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `insert into listings (seller_id, ${names.join(', ')})
     select ?::uuid, ${names.map(name => `r.${name}`).join(', ')} from ${recordset(FIELDS)}
     on conflict (seller_id, sku) where sku is not null do nothing returning id`,
    [sellerId, records(writes, FIELDS)],
  )
  if (rows.length < writes.length) throw new NumberTaken()
}

async function update(trx: Trx, writes: readonly Write[], fields: Field[], at: Date): Promise<void> {
  if (writes.length === 0) return
  const withKeys = fields === FIELDS ? ['keys'] : []
  const set = [...fields.map(nameOf), ...withKeys].map(name => `${name} = r.${name}`)
  await trx.raw(
    `update listings l set ${set.join(', ')}, updated_at = ? from ${recordset(fields)} where l.id = r.id`,
    [at, records(writes, fields)],
  )
}

const recordset = (fields: Field[]): string =>
  `jsonb_to_recordset(?::jsonb) as r(id uuid, keys text[], ${fields.map(field => COLUMNS[field]).join(', ')})`

const records = (writes: readonly Write[], fields: Field[]): string =>
  JSON.stringify(
    writes.map(({ listing, keys }) => ({
      id: listing.id,
      keys,
      ...Object.fromEntries(fields.map(field => [nameOf(field), listing[field]])),
    })),
  )
