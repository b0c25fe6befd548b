import { seedListings } from '../../seeds/volume/index.js'
import { withClient } from './template.js'

const ROWS = 4_000

/** Enough of everything that a plan shows which index a query is answered by. */
export async function fillCrowd(ownerUrl: string): Promise<void> {
  await seedListings(ownerUrl, { count: ROWS, environment: 'test' })
  await withClient(ownerUrl, async client => {
    for (const statement of CROWD) await client.query(statement)
    await client.query('vacuum (analyze)')
  })
}

const series = `generate_series(1, ${ROWS}) n`
const at = `now() - n * interval '7 minutes'`

const CROWD = [
  `insert into users (id, email, name, phone, phone_verified_at, role, status, password_hash, consent_version)
   select gen_random_uuid(), 'person' || n || '@example.sa', 'نورة ' || md5(n::text), '+9665' || lpad(n::text, 8, '0'),
     case when n % 3 = 0 then now() end, case when n % 500 = 0 then 'admin' else 'buyer' end,
     case when n % 400 = 0 then 'BLOCKED' else 'ACTIVE' end, 'x', 'x' from ${series}`,
  `create temporary table people as
     select id, row_number() over (order by email) as n from users where email like 'person%'`,
  `insert into sellers (id, owner_id, trade_name, legal_name, cr_number, city)
   select gen_random_uuid(), id, 'قطع ' || md5(n::text), 'x', (2000000000 + n)::text, 'x' from people`,
  `create temporary table shops as select id, row_number() over (order by cr_number) as n from sellers`,
  `insert into sessions (id, user_id, refresh_hash, last_used_at, expires_at)
   select gen_random_uuid(), id, 'x', now(), ${at} from people`,
  `insert into challenges (id, user_id, purpose, target, expires_at, used_at, created_at)
   select gen_random_uuid(), id, 'PHONE', '+9665' || lpad(n::text, 8, '0'), ${at}, case when n % 2 = 0 then now() end, ${at} from people`,
  `insert into recovery_codes (code_hash, user_id, created_at) select sha256(n::text::bytea), id, now() from people`,
  `insert into spent_operations (id, spent_by, expires_at) select gen_random_uuid(), id, ${at} from people`,
  `insert into api_keys (id, user_id, name, prefix, key_hash, scopes, expires_at, created_at)
   select gen_random_uuid(), id, 'x', 'cp_' || substr(md5(n::text), 1, 12), 'x', '{x}', ${at}, ${at} from people`,
  `insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address)
   select gen_random_uuid(), p.id, gen_random_uuid(), 100, '{}' from people p, generate_series(1, 3)`,
  `create temporary table carts as select id, buyer_id, row_number() over (order by id) as n from checkouts`,
  `insert into orders (id, checkout_id, buyer_id, seller_id, status, net_halalas, vat_halalas, rounding_halalas,
     total_halalas, hold_expires_at, paid_at, shipped_at, created_at)
   select gen_random_uuid(), c.id, c.buyer_id, s.id,
     (array['DELIVERED', 'DELIVERED', 'EXPIRED', 'CANCELLED', 'PAID', 'PROCESSING', 'PENDING', 'SHIPPED'])[1 + c.n % 8],
     100, 0, 0, 100, now() - c.n * interval '7 minutes',
     case when c.n % 8 not in (2, 3, 6) then now() - c.n * interval '7 minutes' end, now(), now() - c.n * interval '7 minutes'
   from carts c join shops s on s.n = 1 + c.n % 4000`,
  `create temporary table bought as select id, checkout_id, buyer_id, row_number() over (order by id) as n from orders`,
  `create temporary table goods as select id, row_number() over (order by id) as n from listings`,
  `insert into order_items (id, order_id, position, listing_id, title_ar, title_en, part_number, quantity,
     unit_price_halalas, total_halalas, net_halalas, vat_basis_points)
   select gen_random_uuid(), b.id, 1, g.id, 'x', 'x', 'x', 1, 100, 100, 100, 0 from bought b join goods g on g.n = 1 + b.n % ${ROWS}`,
  `insert into payments (id, checkout_id, buyer_id, idempotency_id, provider, method, status, amount_halalas, external_id,
     expires_at, created_at)
   select gen_random_uuid(), checkout_id, buyer_id, gen_random_uuid(), 'tap', 'card',
     case when n % 900 = 0 then 'UNDER_REVIEW' else 'CAPTURED' end, 100, 'chg_' || n, now(), ${at} from bought`,
  `insert into payment_allocations (payment_id, order_id, amount_halalas)
   select p.id, b.id, 100 from payments p join bought b using (checkout_id)`,
  `insert into refunds (id, payment_id, order_id, amount_halalas, reason)
   select gen_random_uuid(), payment_id, order_id, 100, 'x' from payment_allocations`,
  `insert into invoices (id, kind, number, seller_id, order_id, order_number, seller_name, seller_cr, buyer_name, lines,
     net_halalas, vat_halalas, rounding_halalas, total_halalas, issued_at)
   select gen_random_uuid(), 'BILL', 'BILL-' || b.n, s.id, b.id, 'x', 'x', 'x', 'x', '[]', 100, 0, 0, 100,
     now() - b.n * interval '7 minutes' from bought b join shops s on s.n = 1`,
  `insert into notifications (id, user_id, kind, data, read_at, created_at)
   select gen_random_uuid(), id, 'x' || k, '{}', case when k > 1 then now() end, ${at} from people, generate_series(1, 3) k`,
  `insert into activity_logs (id, user_id, action, object_type, object_id, created_at)
   select gen_random_uuid(), id, 'order_placed', 'order', 'x', now() - (12001 - n * 3 + k) * interval '7 minutes'
   from people, generate_series(1, 3) k order by n, k`,
  `insert into seller_analytics (seller_id, day, updated_at)
   select id, current_date - k, now() from shops, generate_series(1, 3) k`,
  `insert into webhook_events (id, provider, event_key, object_id, claimed_status, payload, received_at)
   select gen_random_uuid(), 'tap', n::text, 'chg_' || n, 'CAPTURED', '{}', ${at} from ${series}`,
  `insert into audit_log (id, at, actor_kind, actor_id, action, object_type, object_id, order_id, user_id)
   select gen_random_uuid(), now(), 'user', b.buyer_id, 'order_placed', 'order', b.id::text,
     case when b.n % 4 = 0 then b.id end, b.buyer_id from bought b`,
  `insert into outbox (id, topic, payload, lane, created_at, done_at, failed_at)
   select gen_random_uuid(), 'x', '{}', (array['orders', 'email', 'webhooks'])[1 + n % 3], ${at},
     case when n % 100 > 0 then ${at} end, case when n % 200 = 0 then ${at} end from ${series}`,
  `insert into idempotency_keys (id, user_id, route, key, fingerprint, locked_until, expires_at)
   select gen_random_uuid(), id, 'x', n::text, 'x', now(), ${at} from people`,
]
