import { expect } from 'chai'
import { ROLL_UP, seriesStatement } from '../../api/modules/analytics/analytics-queries.js'
import { ALL, UNREAD, UNREAD_STATES } from '../../api/modules/notifications/notification-queries.js'
import { newId } from '../../api/platform/ids.js'
import { createReads, type Statement } from '../../api/platform/reads.js'
import { useContext } from '../support/context.js'
import { recordingLogger } from '../support/logger.js'

const PEOPLE = 400

/** With as many rows as a table that is read through would show by. */
describe('the plans of activity, analytics and notifications', function () {
  this.timeout(60_000)
  const t = useContext()
  let userId: string
  let sellerId: string

  before(async () => {
    await t.accounts.listing()
    userId = (await t.accounts.account('buyer')).id
    sellerId = (await t.accounts.shop()).id
    await t.owner.raw(`
      insert into users (id, email, name, password_hash, consent_version)
      select gen_random_uuid(), 'many-' || n || '@example.sa', 'x', 'x', 'x' from generate_series(1, ${PEOPLE}) n;
      insert into notifications (id, user_id, kind, data, read_at, created_at)
      select gen_random_uuid(), u.id, 'order_paid', jsonb_build_object('n', n),
        case when n > 5 then now() end, now() - n * interval '1 hour'
      from users u, generate_series(1, 60) n;
      insert into activity_logs (id, user_id, action, object_type, object_id, created_at)
      select gen_random_uuid(), u.id, 'signed_in', 'session', 'x', now() - n * interval '1 hour'
      from users u, generate_series(1, 60) n;
      insert into sellers (id, owner_id, trade_name, legal_name, cr_number, city)
      select gen_random_uuid(), id, 'x', 'x', '2' || lpad((row_number() over ())::text, 9, '0'), 'x'
      from users where id not in (select owner_id from sellers);
      insert into seller_analytics (seller_id, day, views, updated_at)
      select s.id, d, 1, now() from sellers s, generate_series('2026-01-01'::date, '2026-03-31', '1 day') d;
      insert into checkouts (id, buyer_id, idempotency_id, total_halalas, delivery_address)
      select gen_random_uuid(), id, gen_random_uuid(), 100, '{}' from users;
      insert into orders (id, checkout_id, buyer_id, seller_id, status, net_halalas, vat_halalas, rounding_halalas,
        total_halalas, hold_expires_at, paid_at)
      select gen_random_uuid(), c.id, c.buyer_id, s.id, 'PAID', 100, 0, 0, 100, now(), now() - n.nr * interval '1 hour'
      from (select id, row_number() over () as nr from sellers) n join sellers s on s.id = n.id
      cross join (select * from checkouts limit 50) c;
      analyze`)
  })

  const reads = () => createReads({ db: t.owner, logger: recordingLogger(), slowMs: 60_000 })
  /** The indexes and the tables read through, by name. */
  const planOf = async ({ text }: Statement, values: unknown[]) => {
    const rows = await reads()<{ 'QUERY PLAN': unknown }>({ text: `explain (format json) ${text}` }, values)
    const plan = JSON.stringify(rows)
    const names = (pattern: RegExp) => [...plan.matchAll(pattern)].map(match => match[1] as string)
    return {
      indexes: names(/"Index Name":"(\w+)"/g),
      readThrough: names(/"Node Type":"Seq Scan"[^}]*?"Relation Name":"(\w+)"/g),
    }
  }

  const cases: [what: string, statement: () => [Statement, unknown[]], index: string, table: string][] = [
    ['notifications', () => [ALL, [userId, null, 21]], 'idx_notifications_user', 'notifications'],
    ['the next page of them', () => [ALL, [userId, newId(), 21]], 'idx_notifications_user', 'notifications'],
    ['unread ones', () => [UNREAD, [userId, null, null, 21]], 'idx_notifications_unread', 'notifications'],
    ['how many are unread', () => [UNREAD_STATES, [[userId]]], 'idx_notifications_unread', 'notifications'],
    [
      'a month of a shop',
      () => [seriesStatement('day'), [sellerId, '2026-03-01', '2026-03-30']],
      'idx_seller_analytics_date|seller_analytics_pkey',
      'seller_analytics',
    ],
  ]
  for (const [what, statement, index, table] of cases)
    it(`of ${what} go by ${index}`, async () => {
      const plan = await planOf(...statement())
      expect(plan.indexes.join(' ')).to.match(new RegExp(index))
      expect(plan.readThrough).to.not.include(table)
    })

  it('of the roll-up go by when orders were paid, and look at no others', async () => {
    const since = new Date(Date.now() - 7_200_000).toISOString()
    const text = ROLL_UP.replaceAll(':since', `'${since}'::timestamptz`).replace(':now', 'now()')
    const plan = await planOf({ text }, [])
    expect(plan.indexes).to.include.members(['idx_orders_paid', 'idx_orders_seller_paid'])
    expect(plan.readThrough).to.not.include('orders')
  })
})
