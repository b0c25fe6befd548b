import { partKinds } from '../seeds/demo/part-kinds.js'
import { makes } from '../seeds/reference/makes.js'
import { withClient } from '../test/support/template.js'

export type Progress = (done: number) => void

/** Plain listings, made by the database itself: a catalogue of a size, and nothing like a real one. */
export async function fillCatalogue(
  ownerUrl: string,
  { count, onProgress }: { count: number; onProgress: Progress },
): Promise<void> {
  const kinds = Object.values(partKinds)
  const cars = Object.entries(makes)
  const columns = [
    kinds.map(kind => kind[0]),
    kinds.map(kind => kind[1]),
    kinds.map(kind => kind[2]),
    cars.map(([id]) => id),
    cars.map(([, names]) => names[0]),
    cars.map(([, names]) => names[1]),
  ]
  await withClient(ownerUrl, async client => {
    await client.query(SELLERS)
    await client.query(LISTINGS, [count, ...columns])
  })
  onProgress(count)
}

/** What is asked for a vehicle's parts. */
export const vehicleQueries = (): string[] => Object.keys(makes).map(make => `make=${make}`)

const SELLERS = `
  with owners as (
    insert into users (id, email, name, role, password_hash, consent_version)
    select uuidv7(), 'bench-seller-' || n || '@example.sa', 'Seller ' || n, 'seller', 'none', 'bench'
    from generate_series(1, 20) n returning id, name)
  insert into sellers (id, owner_id, trade_name, legal_name, cr_number, vat_number, city, status)
  select uuidv7(), id, name, name, '1' || lpad(n::text, 9, '0'), '3' || lpad(n::text, 13, '0') || '3', 'الرياض', 'APPROVED'
  from (select *, row_number() over () as n from owners) numbered`

const LISTINGS = `
  with shops as (select array_agg(id) as ids from sellers)
  insert into listings (id, seller_id, category_id, make_id, title_ar, title_en, part_number, brand,
    price_halalas, stock, status)
  select uuidv7(), ids[1 + n % cardinality(ids)], ($2::text[])[k], ($5::text[])[c],
    ($3::text[])[k] || ' ' || ($6::text[])[c] || ' ' || 2000 + n % 25,
    ($4::text[])[k] || ' ' || ($7::text[])[c] || ' ' || 2000 + n % 25,
    lpad((n * 7919 % 100000)::text, 5, '0') || '-' || lpad((n % 99991)::text, 5, '0'), ($7::text[])[c],
    1000 + n * 37 % 200000, 5 + n % 60, 'ACTIVE'
  from shops, generate_series(1, $1::int) n,
    lateral (select 1 + n % cardinality($2::text[]) as k, 1 + n / 7 % cardinality($5::text[]) as c) at`
