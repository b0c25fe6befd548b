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
