import type { Db } from '../../platform/database.js'

/** A document that should be there and is not: of an order, of its refund, or the XML of one that is there. */
export type Lacking = {
  orderId: string
  orderNumber: string
  refundId: string | null
  invoiceId: string | null
}

type Where = {
  orderId?: string | undefined
  /** Sellers get a unit when they need one: else only those that have one lack an XML. */
  isAutomatic: boolean
}

/*
 * Reads orders, refunds and sellers beside the module's own tables. An order lacks its document from the moment it is
 * paid; a refund, from the moment the money is back; an invoice its XML, where its seller has told the address since and has a unit that issues.
 */
const LACKING = `
  select o.id as "orderId", o.number as "orderNumber", null::uuid as "refundId", null::uuid as "invoiceId", 1 as step
    from orders o
   where o.paid_at is not null
     and not exists (select from invoices i where i.order_id = o.id and i.kind <> 'CREDIT_NOTE')
  union all
  select o.id, o.number, r.id, null, 2
    from refunds r join orders o on o.id = r.order_id
   where r.status = 'REFUNDED' and o.status = 'REFUNDED'
     and not exists (select from invoices i where i.order_id = o.id and i.kind = 'CREDIT_NOTE')
  union all
  select i.order_id, i.order_number, null, i.id, 3
    from invoices i join sellers s on s.id = i.seller_id
   where i.seller_vat is not null and s.address is not null
     and not exists (select from tax_documents d where d.invoice_id = i.id)
     and (:isAutomatic::boolean or exists
       (select from egs_units u where u.seller_id = i.seller_id and u.state = 'ACTIVE'))`

/** In the order in which they have to be written: an invoice before its note, the older order first. */
export async function lackingDocuments(db: Db, { orderId, isAutomatic }: Where): Promise<Lacking[]> {
  const { rows } = await db.raw<{ rows: Lacking[] }>(
    `select "orderId", "orderNumber", "refundId", "invoiceId" from (${LACKING}) as lacking
      where :orderId::uuid is null or "orderId" = :orderId::uuid
      order by step, "orderNumber", "refundId", "invoiceId"`,
    { orderId: orderId ?? null, isAutomatic } as never,
  )
  return rows
}

/** A stored document beside the number of its invoice. */
export type ChainedRow = {
  invoiceId: string
  number: string
  counter: number
  previousHash: string
  hash: string
  xml: string
  digest: Buffer
}

/** A unit's documents in the order of the chain, a page at a time: memory stays flat however many there are. */
export async function* chainedAfter(db: Db, unitId: string, page: number): AsyncGenerator<ChainedRow> {
  for (let counter = 0; ; ) {
    const { rows } = await db.raw<{ rows: ChainedRow[] }>(
      `select d.invoice_id as "invoiceId", i.number, d.counter, d.previous_hash as "previousHash", d.hash, d.xml, d.digest
         from tax_documents d join invoices i on i.id = d.invoice_id
        where d.unit_id = ? and d.counter > ?
        order by d.counter limit ?`,
      [unitId, counter, page],
    )
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    counter = last.counter
  }
}

/** How many documents stand in the chains of a seller, or of all. */
export async function countChained(db: Db, sellerId: string | undefined): Promise<number> {
  const query = db('tax_documents').count<{ count: number }[]>('* as count')
  const [row] = await (sellerId ? query.where({ seller_id: sellerId }) : query)
  return Number(row?.count ?? 0)
}

/** The first number of a seller's series that was passed over: `INV-1001-000004`. */
export async function firstMissingNumber(db: Db, sellerId: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { prefix: string; series: number; wanted: number }[] }>(
    `with given as (
       select split_part(number, '-', 1) as prefix, split_part(number, '-', 3)::integer as count
         from invoices where seller_id = :sellerId
       union all
       select prefix, last + 1 from invoice_counters where seller_id = :sellerId
     ), ordered as (
       select prefix, count, row_number() over (partition by prefix order by count) as wanted from given
     )
     select prefix, (select series from sellers where id = :sellerId) as series, min(wanted)::integer as wanted
       from ordered where count <> wanted group by prefix order by prefix limit 1`,
    { sellerId } as never,
  )
  const [missing] = rows
  return missing && `${missing.prefix}-${missing.series}-${String(missing.wanted).padStart(6, '0')}`
}
