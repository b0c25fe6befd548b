import { expect } from 'chai'
import fc from 'fast-check'
import { minutes } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import type { Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { buy, place } from '../support/shopping.js'

const unfenced = { fence: async () => undefined }

describe("a shop's analytics", function () {
  this.timeout(60_000)
  const t = useContext()
  const ask = (query = '', as: Who = 'seller') => t.get(`/api/v1/sellers/me/analytics${query}`, { as })
  const rollUp = () => t.services.analytics.rollUp(unfenced)
  const sar = (amount: number) => ({ amount, currency: 'SAR' })
  const nothing = { views: 0, orders: 0, units: 0, gross: sar(0), refunds: sar(0) }
  /** When the money of an order came, or went back, is a matter of the day in Riyadh. */
  const paidAt = (orderId: string, at: string) =>
    t.owner('orders').where({ id: orderId }).update({ paid_at: at })

  it('have the paid orders of a day, their units and their sum, and nothing of what nobody paid', async () => {
    const listing = await t.accounts.listing({ stock: 100 })
    await place(t, [{ listingId: listing.id, quantity: 4 }], 'buyer:leaves')
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 3 }])
    await paidAt(orderId, '2026-03-10T09:00:00Z')
    const other = await t.accounts.listing({}, 'seller:other')
    await buy(t, [{ listingId: other.id, quantity: 1 }])
    expect(await rollUp()).to.equal(2)
    const { body } = await ask('?from=2026-03-09&to=2026-03-11')
    const day = (at: string) => ({ from: at, to: at, ...nothing })
    const sold = { ...nothing, orders: 1, units: 3, gross: sar(34_500) }
    expect(body).to.deep.equal({
      ...{ by: 'day', from: '2026-03-09', to: '2026-03-11', timeZone: 'Asia/Riyadh' },
      totals: sold,
      items: [day('2026-03-09'), { ...day('2026-03-10'), ...sold }, day('2026-03-11')],
    })
    expect((await ask('', 'seller:other')).body.totals).to.include({ orders: 1, units: 1 })
  })

  it('change a day at 21:00 UTC, when it is midnight in Riyadh', async () => {
    const as = 'seller:midnight'
    const listing = await t.accounts.listing({ stock: 100 }, as)
    for (const at of ['2026-03-31T20:59:59.999Z', '2026-03-31T21:00:00Z']) {
      const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
      await paidAt(orderId, at)
    }
    await t.services.analytics.recount(unfenced)
    await t.owner('analytics_marks').delete()
    await rollUp()
    const orders = ({ body }: { body: { items: { from: string; orders: number }[] } }) =>
      body.items.map(item => [item.from, item.orders])
    expect(orders(await ask('?from=2026-03-31&to=2026-04-01', as))).to.deep.equal([
      ['2026-03-31', 1],
      ['2026-04-01', 1],
    ])
    expect(orders(await ask('?from=2026-03-15&to=2026-04-10&by=month', as))).to.deep.equal([
      ['2026-03-15', 1],
      ['2026-04-01', 1],
    ])
  })

  it('have what went back on the day it did, and count a repeat of the roll-up once', async () => {
    const as = 'seller:refunds'
    const listing = await t.accounts.listing({ stock: 100 }, as)
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 2 }])
    await rollUp()
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: newId() })
    await t.settle()
    for (let twice = 0; twice < 2; twice++) {
      await rollUp()
      const { totals } = (await ask('', as)).body
      expect(totals).to.deep.equal({
        ...nothing,
        orders: 1,
        units: 2,
        gross: sar(23_000),
        refunds: sar(23_000),
      })
    }
    expect(await rollUp()).to.equal(0)
  })

  it("leave out money that came too late and went back: it was never the shop's", async () => {
    const as = 'seller:late'
    const listing = await t.accounts.listing({ stock: 1 }, as)
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = (await t.db('payment_allocations').where({ order_id: orderId }).first('payment_id'))
      .payment_id
    const unpaid = await t.accounts.listing({ stock: 1 }, as)
    const late = await place(t, [{ listingId: unpaid.id, quantity: 1 }], 'buyer:late')
    await t.owner('refunds').insert({
      ...{ id: newId(), payment_id: payment, order_id: late.orders[0]?.id, amount_halalas: 11_500 },
      ...{ reason: 'late', status: 'REFUNDED', refunded_at: t.clock.now() },
    })
    await rollUp()
    expect((await ask('', as)).body.totals)
      .to.include({ orders: 1 })
      .and.deep.include({ refunds: sar(0) })
  })

  it('find what was dated before the last roll-up and committed after it', async () => {
    const as = 'seller:slow'
    const listing = await t.accounts.listing({ stock: 100 }, as)
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    await rollUp()
    await t.owner('orders').where({ id: orderId }).update({ paid_at: null })
    await t.owner('seller_analytics').delete()
    const marked = (await t.db('analytics_marks').first('at')).at as Date
    await t
      .owner('orders')
      .where({ id: orderId })
      .update({ paid_at: new Date(marked.getTime() - minutes(5)) })
    await rollUp()
    expect((await ask('', as)).body.totals.orders).to.equal(1)
  })

  it('are not rolled up by a run that lost its lock', async () => {
    await t.owner('seller_analytics').delete()
    const lost = { fence: async () => Promise.reject(new Error('lost')) }
    const error = await t.services.analytics.rollUp(lost).then(
      () => undefined,
      error => error,
    )
    expect(error.message).to.equal('lost')
    expect(await t.db('seller_analytics')).to.deep.equal([])
  })

  it('are by weeks that begin on Sunday, cut off where the range ends', async () => {
    const { body } = await ask('?from=2026-11-04&to=2026-11-17&by=week')
    expect(body.items.map(({ from, to }: { from: string; to: string }) => [from, to])).to.deep.equal([
      ['2026-11-04', '2026-11-07'],
      ['2026-11-08', '2026-11-14'],
      ['2026-11-15', '2026-11-17'],
    ])
  })

  it('cover each day of any range once, whatever the period', async () => {
    const shop = await t.accounts.shop()
    await t.owner.raw(
      `insert into seller_analytics (seller_id, day, views, updated_at)
       select ?, d, 1, now() from generate_series('2024-01-01'::date, '2026-12-31', '1 day') d
       on conflict (seller_id, day) do update set views = 1`,
      [shop.id],
    )
    const start = Date.UTC(2024, 0, 1) / 86_400_000
    const iso = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
    const weekday = (day: string) => new Date(day).getUTCDay()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: start + 365 }),
        fc.integer({ min: 0, max: 730 }),
        fc.constantFrom('day', 'week', 'month'),
        async (first, length, by) => {
          const [from, to] = [iso(first), iso(first + length)]
          const { body } = await ask(`?from=${from}&to=${to}&by=${by}`)
          const { items } = body as { items: { from: string; to: string; views: number }[] }
          expect(body.totals.views).to.equal(length + 1)
          expect([items[0]?.from, items.at(-1)?.to]).to.deep.equal([from, to])
          for (const [at, item] of items.entries()) {
            const days = (Date.parse(item.to) - Date.parse(item.from)) / 86_400_000 + 1
            expect(item.views).to.equal(days)
            if (at === 0) continue
            expect(Date.parse(item.from) - Date.parse(items[at - 1]?.to as string)).to.equal(86_400_000)
            if (by === 'week') expect(weekday(item.from)).to.equal(0)
            if (by === 'month') expect(item.from.slice(8)).to.equal('01')
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('refuse a range that is none, too long or in a shape of its own', async () => {
    for (const query of [
      ...['from=2026-02-02&to=2026-02-01', 'from=2024-01-01&to=2026-01-01', 'from=2026-02-30'],
      ...['from=01/02/2026', 'by=year', 'sellerId=1'],
    ])
      expect((await ask(`?${query}`)).status, query).to.equal(422)
    expect((await t.get('/api/v1/sellers/me/analytics', { as: 'seller:shopless' })).status).to.equal(404)
    const key = await t.accounts.apiKey(['orders:read'])
    const keyed = await t.get('/api/v1/sellers/me/analytics', { headers: { 'x-api-key': key } })
    expect(keyed.status).to.equal(200)
  })
})
