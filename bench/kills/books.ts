import type pg from 'pg'

/** Each must find nothing. What it finds is money, stock or paper that does not add up. */
const RULES: Record<string, string> = {
  'stock is what there was, less what orders hold': `
    select l.id, l.stock, held.quantity from listings l
    left join (select i.listing_id, sum(i.quantity) as quantity from order_items i join orders o on o.id = i.order_id
               where o.status in ('PENDING', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED') group by 1) held
      on held.listing_id = l.id
    where l.id = any ($1) and l.stock + coalesce(held.quantity, 0) <> $2`,
  'a paid order has exactly one payment whose money is here': `
    select o.number, count(p.id) from orders o
    left join payment_allocations a on a.order_id = o.id
    left join payments p on p.id = a.payment_id and p.status in ('CAPTURED', 'PARTIALLY_REFUNDED')
    where o.status = 'PAID' and $1::uuid[] is not null and $2::int > 0
    group by 1 having count(p.id) <> 1`,
  'money that is here belongs to an order that is paid, or is on its way back': `
    select p.id, p.status, o.status as order_status from payments p
    join payment_allocations a on a.payment_id = p.id join orders o on o.id = a.order_id
    left join refunds r on r.payment_id = p.id and r.order_id = o.id
    where p.status in ('CAPTURED', 'PARTIALLY_REFUNDED') and o.status <> 'PAID' and r.id is null
      and $1::uuid[] is not null and $2::int > 0`,
  'the parts of a payment add up to it': `
    select p.id from payments p join payment_allocations a on a.payment_id = p.id
    where $1::uuid[] is not null and $2::int > 0
    group by p.id having sum(a.amount_halalas) <> p.amount_halalas`,
  'a paid order has one invoice, and one that was taken back its credit note': `
    select o.number, count(i.id) from orders o left join invoices i on i.order_id = o.id
    where o.paid_at is not null and $1::uuid[] is not null and $2::int > 0
    group by o.number, o.status
    having count(i.id) <> case when o.status = 'REFUNDED' then 2 else 1 end`,
  'every refund is over': `
    select id, status from refunds where status <> 'REFUNDED' and $1::uuid[] is not null and $2::int > 0`,
  'every event had its effect': `
    select id, status, last_error from webhook_events
    where status <> 'processed' and $1::uuid[] is not null and $2::int > 0`,
  'no work is left': `
    select id, topic, last_error from outbox where done_at is null and lane = 'orders'
      and $1::uuid[] is not null and $2::int > 0`,
  'a request placed one checkout': `
    select idempotency_id from checkouts where $1::uuid[] is not null and $2::int > 0
    group by 1 having count(*) > 1`,
}

type Charge = { id: string; status: string; reference: { transaction?: string }; object: string }
type Refund = { id: string; status: string; reference: { merchant?: string } }
type Operation = { id: string; paymentType: string; merchantTransactionId: string; result: { code: string } }

export async function wrongInBooks(
  client: pg.Client,
  providerUrl: string,
  { listingIds, stock }: { listingIds: string[]; stock: number },
): Promise<string[]> {
  const wrong: string[] = []
  for (const [rule, sql] of Object.entries(RULES)) {
    const { rows } = await client.query(sql, [listingIds, stock])
    if (rows.length > 0)
      wrong.push(`${rule}: not so ${rows.length} times, such as ${JSON.stringify(rows[0])}`)
  }
  wrong.push(...(await wrongAtProviders(client, providerUrl)))
  return wrong
}

/** What the providers took and gave back, beside our books: each reference once, and each known here. */
async function wrongAtProviders(client: pg.Client, providerUrl: string): Promise<string[]> {
  const get = async <T>(path: string): Promise<T[]> =>
    (await (await fetch(`${providerUrl}/control${path}`)).json()) as T[]
  const [charges, refunds, operations] = await Promise.all([
    get<Charge>('/payments'),
    get<Refund>('/refunds'),
    get<Operation>('/hyperpay/operations'),
  ])
  const succeeded = operations.filter(({ result }) => result.code === '000.100.110')
  const taken = [
    ...charges
      .filter(charge => charge.object === 'charge' && charge.status === 'CAPTURED')
      .map(({ reference }) => reference.transaction ?? ''),
    ...succeeded
      .filter(({ paymentType }) => paymentType === 'DB' || paymentType === 'CP')
      .map(({ merchantTransactionId }) => merchantTransactionId),
  ]
  const back = [
    ...refunds.filter(({ status }) => status === 'REFUNDED').map(({ reference }) => reference.merchant ?? ''),
    ...succeeded
      .filter(({ paymentType }) => paymentType === 'RF')
      .map(({ merchantTransactionId }) => merchantTransactionId),
  ]
  const ours = async (sql: string): Promise<string[]> => (await client.query(sql)).rows.map(row => row.id)
  return [
    ...compared(
      'captured',
      taken,
      await ours(`select id from payments where status in ('CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED')`),
    ),
    ...compared('sent back', back, await ours(`select id from refunds where status = 'REFUNDED'`)),
  ]
}

function compared(what: string, theirs: string[], ours: string[]): string[] {
  const wrong: string[] = []
  const [there, here] = [new Set(theirs), new Set(ours)]
  if (there.size !== theirs.length) wrong.push(`${what} twice at a provider: ${theirs.length - there.size}`)
  const missing = [...there].filter(id => !here.has(id))
  const extra = [...here].filter(id => !there.has(id))
  if (missing.length > 0)
    wrong.push(`${what} at a provider and not in our books: ${missing[0]} and ${missing.length - 1} more`)
  if (extra.length > 0)
    wrong.push(`${what} in our books and not at a provider: ${extra[0]} and ${extra.length - 1} more`)
  return wrong
}
