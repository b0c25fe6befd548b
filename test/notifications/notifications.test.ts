import { expect } from 'chai'
import { days } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import type { Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { buy } from '../support/shopping.js'

describe('notifications', function () {
  this.timeout(30_000)
  const t = useContext()
  const kinds = (items: { kind: string }[]) => items.map(({ kind }) => kind)
  const list = async (as: Who, query = '') => (await t.get(`/api/v1/notifications${query}`, { as })).body
  const unread = async (as: Who) =>
    (await t.get('/api/v1/notifications/unread', { as })).body.unread as number
  const tell = async (who: Who, count: number) => {
    const { id: userId } = await t.accounts.account(who)
    const notices = Array.from({ length: count }, (_, n) => ({
      userId,
      kind: 'order_paid' as const,
      data: { orderId: newId(), number: `CP-${n}` },
    }))
    await t.db.transaction(trx => t.services.notifications.addAll(trx, notices))
  }

  it('come of an order, each once, however often its steps are repeated', async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }])
    const step = (name: string, body = {}) =>
      t.post(`/api/v1/orders/${orderId}/${name}`, { as: 'seller', body })
    for (let twice = 0; twice < 2; twice++) {
      await step('confirm')
      await step('ship', { carrier: 'SMSA', trackingNumber: 'T-1' })
      await step('deliver')
      await t.settle()
    }
    expect(kinds((await list('buyer')).items)).to.deep.equal([
      ...['order_delivered', 'order_shipped', 'order_confirmed', 'invoice_issued', 'order_paid'],
    ])
    expect(kinds((await list('seller')).items)).to.include('order_to_confirm')
  })

  it('of an order that was paid and cancelled go to both, and then say that the money is back', async () => {
    const listing = await t.accounts.listing()
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }], 'buyer:cancels')
    await t.post(`/api/v1/orders/${orderId}/cancel`, { as: 'buyer:cancels', key: newId() })
    await t.settle()
    expect(kinds((await list('buyer:cancels')).items)).to.include.members([
      'order_cancelled',
      'order_refunded',
    ])
    expect(kinds((await list('seller')).items)).to.include('order_cancelled')
  })

  it('are shown in the language of the reader, numbers the right way round', async () => {
    await tell('buyer:words', 1)
    const as = 'buyer:words'
    const [english] = (await t.get('/api/v1/notifications', { as })).body.items
    expect(english.text).to.equal('Your order CP-0 is paid.')
    const [arabic] = (await t.get('/api/v1/notifications', { as, headers: { 'accept-language': 'ar' } })).body
      .items
    expect(arabic.text).to.equal('تم دفع طلبك \u2066CP-0\u2069.')
    expect(english).to.have.all.keys('id', 'kind', 'text', 'data', 'readAt', 'createdAt')
  })

  it('that a later release wrote are shown all the same', async () => {
    const { id } = await t.accounts.account('buyer:later')
    await t.owner('notifications').insert({ id: newId(), user_id: id, kind: 'from_the_future', data: '{}' })
    const [item] = (await list('buyer:later')).items
    expect(item).to.include({ kind: 'from_the_future', text: 'You have a new notification.' })
  })

  it('are paged, all or the unread, also when some are read between two pages', async () => {
    await tell('buyer:pages', 7)
    const as = 'buyer:pages'
    for (const query of ['', '&unread=true']) {
      const seen: string[] = []
      let cursor = ''
      do {
        const page = await list(as, `?limit=3${query}${cursor}`)
        seen.push(...page.items.map((item: { id: string }) => item.id))
        cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
        if (query && seen.length === 3) await t.post(`/api/v1/notifications/${seen[0]}/read`, { as })
      } while (cursor)
      expect(new Set(seen).size, query).to.equal(7)
      expect(seen, query).to.deep.equal([...seen].sort().reverse())
    }
    expect((await list(as, '?unread=true')).items).to.have.length(6)
    const foreign = (await list(as, '?limit=1')).nextCursor
    expect((await t.get(`/api/v1/notifications?unread=true&cursor=${foreign}`, { as })).status).to.equal(400)
  })

  it('are read one by one, or up to one of them; repeated it changes nothing', async () => {
    const as = 'buyer:reads'
    await tell(as, 4)
    const ids = (await list(as)).items.map((item: { id: string }) => item.id)
    const first = await t.post(`/api/v1/notifications/${ids[3]}/read`, { as })
    const again = await t.post(`/api/v1/notifications/${ids[3]}/read`, { as })
    expect(first.status).to.equal(200)
    expect(again.body).to.deep.equal(first.body)
    expect(await unread(as)).to.equal(3)
    const upTo = await t.post('/api/v1/notifications/read', { as, body: { upTo: ids[1] } })
    expect(upTo.body).to.deep.equal({ marked: 2, unread: 1 })
    expect((await list(as, '?unread=true')).items.map((item: { id: string }) => item.id)).to.deep.equal([
      ids[0],
    ])
    const all = await t.post('/api/v1/notifications/read', { as, body: {} })
    expect(all.body).to.deep.equal({ marked: 1, unread: 0 })
    const none = await t.post('/api/v1/notifications/read', { as, body: {} })
    expect(none.body).to.deep.equal({ marked: 0, unread: 0 })
  })

  it('of somebody else are as unknown as those that are none', async () => {
    await tell('buyer:owner', 1)
    const [{ id }] = (await list('buyer:owner')).items
    for (const one of [id, newId()]) {
      const answer = await t.post(`/api/v1/notifications/${one}/read`, { as: 'buyer:thief' })
      expect(answer.status).to.equal(404)
      expect(answer.body.code).to.equal('notifications.not_found')
    }
    for (const upTo of [id, newId()])
      expect(
        (await t.post('/api/v1/notifications/read', { as: 'buyer:thief', body: { upTo } })).status,
      ).to.equal(404)
    await t.post('/api/v1/notifications/read', { as: 'buyer:thief', body: {} })
    expect(await unread('buyer:owner')).to.equal(1)
    expect((await list('buyer:thief')).items).to.deep.equal([])
  })

  it('go when they are old: read ones after half a year, all after more than a year', async () => {
    const as = 'buyer:old'
    await tell(as, 3)
    const { id: user_id } = await t.accounts.account(as)
    const ids = (await list(as)).items.map((item: { id: string }) => item.id)
    const ago = (count: number) => new Date(t.clock.now().getTime() - days(count))
    const set = (id: string, at: object) => t.owner('notifications').where({ id }).update(at)
    await set(ids[0], { created_at: ago(200), read_at: ago(181) })
    await set(ids[1], { created_at: ago(200), read_at: ago(170) })
    await set(ids[2], { created_at: ago(401) })
    expect(await t.services.notifications.forgetOld()).to.equal(2)
    expect(await t.db('notifications').where({ user_id }).pluck('id')).to.deep.equal([ids[1]])
  })
})
