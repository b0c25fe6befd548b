import { expect } from 'chai'
import { parse } from 'libpg-query'
import { explainIndexes } from '../../api/platform/indexes/explain.js'
import { INDEXES } from '../../api/platform/indexes.js'
import { callsClock } from '../../api/platform/migrations/lint/tree.js'
import { fillCrowd } from '../support/crowd.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

/** What the shop was promised when it was planned; the rest came with the queries. */
const PROMISED = [
  ...['idx_users_email_status', 'idx_users_phone_verified', 'idx_sessions_user_expires'],
  ...['idx_orders_buyer_status_created', 'idx_orders_seller_status', 'idx_orders_created_at_desc'],
  ...['idx_order_items_listing', 'idx_listings_seller_status', 'idx_listings_category_status'],
  ...['idx_listings_search', 'idx_listings_price_range', 'idx_payments_order', 'idx_payments_status_created'],
  ...['idx_payments_provider_external', 'idx_activity_logs_user_created', 'idx_seller_analytics_date'],
  ...['idx_listings_featured', 'idx_notifications_unread'],
]

describe('the declared indexes', function () {
  this.timeout(60_000)
  let database: TestDatabase
  const owner = <Row>(sql: string) =>
    withClient(database.ownerUrl, async client => (await client.query(sql)).rows as Row[])

  before(async () => {
    database = await cloneDatabase()
    await fillCrowd(database.ownerUrl)
  })
  after(() => database?.drop())

  it('are the promised 18 and ours, each under a name of its own, with its query and its reason', () => {
    const names = INDEXES.map(({ name }) => name)
    expect(PROMISED).to.have.length(18)
    expect(names).to.include.members(PROMISED)
    expect(new Set(names).size).to.equal(names.length)
    for (const { name, asked, query, why } of INDEXES)
      for (const text of [asked, query, why]) expect(text.length, name).to.be.above(10)
  })

  it('have no clock in a predicate, and each is a statement of its own', async () => {
    for (const { name, table, on } of INDEXES) {
      const { stmts = [] } = await parse(`create index concurrently ${name} on ${table} ${on}`)
      expect(stmts, name).to.have.length(1)
      const [{ stmt }] = stmts as [{ stmt?: object }]
      expect(callsClock(stmt), name).to.equal(false)
    }
    const { stmts } = await parse('create index i on sessions (user_id) where expires_at > now()')
    expect(callsClock(stmts)).to.equal(true)
  })

  it('speak of statuses that the schema allows', async () => {
    const rows = await owner<{ table: string; check: string }>(
      `select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as "check" from pg_constraint
       where contype = 'c' and connamespace = 'public'::regnamespace and pg_get_constraintdef(oid) like '%status%'`,
    )
    for (const { name, table, on, query } of INDEXES) {
      const allowed = rows
        .filter(row => row.table === table)
        .map(({ check }) => check)
        .join()
      for (const [, status] of `${on} ${query}`.matchAll(/'([A-Z_]{4,})'/g))
        if (/status/.test(on) || /status/.test(query)) expect(`${name}: ${allowed}`).to.include(`'${status}'`)
    }
  })

  it('each answer their own query, or stand beside one that is on record for it', async () => {
    const explained = await explainIndexes(database.ownerUrl)
    const verdicts = (verdict: string) =>
      explained.filter(each => each.verdict === verdict).map(each => each.name)
    expect(verdicts('not used')).to.deep.equal([])
    expect(verdicts('untold')).to.deep.equal([])
    expect(verdicts('awaiting')).to.deep.equal([])
    const beside = verdicts('beside')
    expect(INDEXES.filter(({ besides }) => besides !== undefined).map(({ name }) => name)).to.include.members(
      beside,
    )
    expect(explained.filter(({ verdict }) => verdict === 'used').length).to.be.above(30)
  })

  it('are found out when another index is in their place', async () => {
    const [hold] = INDEXES.filter(({ name }) => name === 'idx_orders_seller_created')
    if (!hold) throw new Error('not declared')
    await owner('alter index idx_orders_seller_created rename to kept')
    await owner('create index idx_orders_seller_created on orders (carrier)')
    try {
      const [found] = await explainIndexes(database.ownerUrl, [hold.name])
      expect(found).to.include({ verdict: 'not used' })
    } finally {
      await owner('drop index idx_orders_seller_created')
      await owner('alter index kept rename to idx_orders_seller_created')
    }
  })

  it('are explained without running anything', async () => {
    const [{ count }] = (await owner('select count(*)::integer as count from idempotency_keys')) as [
      { count: number },
    ]
    await explainIndexes(database.ownerUrl, ['idx_idempotency_expires'])
    expect(await owner('select count(*)::integer as count from idempotency_keys')).to.deep.equal([{ count }])
  })
})
