import { expect } from 'chai'
import { days } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import type { Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { buy, place } from '../support/shopping.js'

describe('what people did', function () {
  this.timeout(30_000)
  const t = useContext()
  const list = async (as: Who, query = '') => (await t.get(`/api/v1/account/activity${query}`, { as })).body
  const actions = async (as: Who) => (await list(as)).items.map((item: { action: string }) => item.action)

  it('is theirs to look at, newest first, with what it was about and from where', async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer', key: newId() })
    expect(await actions('buyer')).to.deep.equal([
      ...['order_cancelled', 'payment_initiated', 'order_created', 'signed_in', 'user_registered'],
    ])
    const [cancelled] = (await list('buyer')).items
    expect(cancelled.object).to.deep.equal({ type: 'order', id: orderId })
    expect(cancelled.ip).to.match(/127\.0\.0\.1/)
    expect(await actions('seller')).to.include.members(['listing_created', 'seller_applied'])
    // approved by somebody else, paid by a job: nobody's activity
    expect(await actions('seller')).to.not.include('seller_approved')
  })

  it('is paged, and nobody sees that of another', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list('buyer', `?limit=2${cursor}`)
      seen.push(...page.items.map((item: { id: string }) => item.id))
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
    } while (cursor)
    const { id: user_id } = await t.accounts.account('buyer')
    expect([...seen].sort()).to.deep.equal(
      (await t.db('activity_logs').where({ user_id }).pluck('id')).sort(),
    )
    const { nextCursor } = await list('buyer', '?limit=1')
    expect((await t.get(`/api/v1/account/activity?cursor=${nextCursor}`, { as: 'seller' })).status).to.equal(
      400,
    )
    expect((await t.get('/api/v1/account/activity')).status).to.equal(401)
  })

  it('stands and falls with the deed', async () => {
    const listing = await t.accounts.listing({ stock: 1 })
    await place(t, [{ listingId: listing.id, quantity: 1 }], 'buyer:first')
    const before = (await t.db('activity_logs').count('* as n'))[0]?.n
    const checkout = { lines: [{ listingId: listing.id, quantity: 1 }] }
    const { id, actor } = await t.accounts.account('buyer:late')
    const registered = (await t.db('activity_logs').where({ user_id: id }).count('* as n'))[0]?.n
    const address = (await t.db('checkouts').first('delivery_address')).delivery_address
    await t.services.orders.place({ ...checkout, deliveryAddress: address }, actor, id).then(
      () => expect.fail('there was none left'),
      error => expect(error.code).to.equal('listings.insufficient_stock'),
    )
    expect((await t.db('activity_logs').count('* as n'))[0]?.n).to.equal(Number(before) + Number(registered))
  })

  it('goes after a year, a piece at a time', async () => {
    await t.owner.raw(
      `insert into activity_logs (id, user_id, action, object_type, object_id, created_at)
       select gen_random_uuid(), id, 'signed_in', 'session', 'x', ? from users, generate_series(1, 3000)`,
      [new Date(t.clock.now().getTime() - days(366))],
    )
    const kept = await t.db('activity_logs').where('created_at', '>', '2026-01-01').count('* as n')
    const old = await t.db('activity_logs').count('* as n')
    expect(await t.services.activity.forgetOld()).to.equal(Number(old[0]?.n) - Number(kept[0]?.n))
    expect(await t.db('activity_logs').count('* as n')).to.deep.equal(kept)
    expect(await t.services.activity.forgetOld()).to.equal(0)
  })
})
