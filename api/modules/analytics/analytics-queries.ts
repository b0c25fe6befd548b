import type { Statement } from '../../platform/reads.js'

/** Days in Riyadh, whose clock never changes. */
const DAY = (at: string) => `(${at} at time zone 'Asia/Riyadh')::date`
const START = (day: string) => `(${day}::timestamp at time zone 'Asia/Riyadh')`

/**
 * Counts anew the sellers' days that something happened on since `?`: what was paid on the day, and what went back on
 * it of what had been paid. Reads orders, order_items and refunds; whatever stood there before is replaced.
 */
export const ROLL_UP = `
  with touched as (
    select seller_id, ${DAY('paid_at')} as day from orders where paid_at >= :since
    union
    select o.seller_id, ${DAY('r.refunded_at')}
    from refunds r join orders o on o.id = r.order_id
    where r.status = 'REFUNDED' and r.refunded_at >= :since and o.paid_at is not null
  ),
  figures as (
    select t.seller_id, t.day, sold.orders, sold.units, sold.gross, back.refunded
    from touched t
    cross join lateral (
      select count(*) as orders, coalesce(sum(o.total_halalas), 0)::bigint as gross,
        coalesce(sum((select sum(i.quantity) from order_items i where i.order_id = o.id)), 0)::bigint as units
      from orders o
      where o.seller_id = t.seller_id and o.paid_at >= ${START('t.day')} and o.paid_at < ${START('(t.day + 1)')}
    ) sold
    cross join lateral (
      select coalesce(sum(r.amount_halalas), 0)::bigint as refunded
      from refunds r join orders o on o.id = r.order_id
      where o.seller_id = t.seller_id and o.paid_at is not null and r.status = 'REFUNDED'
        and r.refunded_at >= ${START('t.day')} and r.refunded_at < ${START('(t.day + 1)')}
    ) back
  )
  insert into seller_analytics as a
    (seller_id, day, orders, units, gross_halalas, refunded_halalas, updated_at)
  select seller_id, day, orders, units, gross, refunded, :now from figures order by seller_id, day
  on conflict (seller_id, day) do update set
    orders = excluded.orders, units = excluded.units, gross_halalas = excluded.gross_halalas,
    refunded_halalas = excluded.refunded_halalas, updated_at = excluded.updated_at
  where (a.orders, a.units, a.gross_halalas, a.refunded_halalas)
    is distinct from (excluded.orders, excluded.units, excluded.gross_halalas, excluded.refunded_halalas)`

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

export type Figures = {
  from: string
  to: string
  views: number
  orders: number
  units: number
  grossHalalas: number
  refundedHalalas: number
}

/** What begins a period; a week begins on Sunday, as it does in the Kingdom. */
const BEGINS: Record<Period, string> = {
  day: 'd.day',
  week: "(date_trunc('week', d.day + 1)::date - 1)",
  month: "date_trunc('month', d.day)::date",
}

/** Of the seller $1 the periods from the day $2 to the day $3, those without anything too. Cut off where the days end. */
export const seriesStatement = (by: Period): Statement => ({
  name: `analytics-by-${by}`,
  text: `
    select min(d.day)::text as "from", max(d.day)::text as "to",
      coalesce(sum(a.views), 0)::bigint as views, coalesce(sum(a.orders), 0)::bigint as orders,
      coalesce(sum(a.units), 0)::bigint as units, coalesce(sum(a.gross_halalas), 0)::bigint as "grossHalalas",
      coalesce(sum(a.refunded_halalas), 0)::bigint as "refundedHalalas"
    from (select generate_series($2::date, $3::date, '1 day')::date as day) d
    left join seller_analytics a on a.seller_id = $1 and a.day = d.day
    group by ${BEGINS[by]} order by 1`,
})
