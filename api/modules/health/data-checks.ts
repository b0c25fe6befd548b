import type { Check } from '../../platform/backup/check.js'
import type { Db } from '../../platform/database.js'

/**
 * What has to be so in the books, whatever happened to the database. Each query gives what is wrong, a name and nothing
 * of anybody's. Reads orders, payments, invoices and tax documents.
 */
const RULES: readonly { name: string; says: string; wrong: string }[] = [
  {
    name: 'orders',
    says: 'every order is the sum of its lines',
    wrong: `select o.number as what from orders o left join lateral (
        select sum(total_halalas) as total from order_items i where i.order_id = o.id) i on true
      where o.total_halalas is distinct from i.total`,
  },
  {
    name: 'checkouts',
    says: 'every checkout is the sum of its orders',
    wrong: `select c.id::text as what from checkouts c left join lateral (
        select sum(total_halalas) as total from orders o where o.checkout_id = c.id) o on true
      where c.total_halalas is distinct from o.total`,
  },
  {
    name: 'payments',
    says: 'every payment is the sum of its shares',
    wrong: `select p.id::text as what from payments p left join lateral (
        select sum(amount_halalas) as total from payment_allocations a where a.payment_id = p.id) a on true
      where p.amount_halalas is distinct from a.total`,
  },
  {
    name: 'order numbers',
    says: 'the counter of order numbers is ahead of them',
    wrong: `select max(number) as what from orders
      having max(substring(number from '[0-9]+$')::bigint) > (select last_value from order_number_seq)`,
  },
  {
    name: 'invoice numbers',
    says: 'invoice numbers have no gap, and end at their counter',
    wrong: `select c.prefix || '-' || s.series as what
      from invoice_counters c join sellers s on s.id = c.seller_id left join lateral (
        select count(*) as count, max(substring(number from '[0-9]+$')::bigint) as last
        from invoices i where i.seller_id = c.seller_id and i.number like c.prefix || '-%') i on true
      where i.count <> c.last or i.last is distinct from c.last`,
  },
  {
    name: 'tax documents',
    says: 'every tax document follows the one before it',
    wrong: `select seller_id || ' ' || counter as what from (
        select seller_id, counter, previous_hash, lag(hash) over chain as before, lag(counter) over chain as earlier
        from tax_documents window chain as (partition by seller_id order by counter)) d
      where earlier is not null and (before <> previous_hash or counter <> earlier + 1) or earlier is null and counter <> 1`,
  },
]

export async function checkData(db: Db): Promise<Check[]> {
  const checks: Check[] = []
  for (const { name, says, wrong } of RULES) {
    const { rows } = await db.raw<{ rows: { what: string }[] }>(`${wrong} limit 6`)
    const named = rows.slice(0, 5).map(({ what }) => what)
    const more = rows.length > named.length ? ' and more' : ''
    checks.push({
      name,
      isGood: rows.length === 0,
      detail: rows.length === 0 ? says : `not so (${says}): ${named.join(', ')}${more}`,
    })
  }
  return checks
}
