import { expect } from 'chai'
import type { Who } from '../support/accounts.js'
import { useContext } from '../support/context.js'
import { atOnce, order, tally } from '../support/ordering.js'
import { stockOf } from '../support/shopping.js'

const buyers = Array.from({ length: 32 }, (_, index): Who => `buyer:${index}`)

describe('many buyers at once', () => {
  const t = useContext()
  before(async () => {
    await Promise.all(buyers.map(t.accounts.token))
  })

  for (const round of [1, 2, 3, 4]) {
    it(`sell five parts to exactly five of thirty-two (round ${round})`, async () => {
      const listing = await t.accounts.listing({ stock: 5 })
      const answers = await atOnce(32, index =>
        order(t, [{ listingId: listing.id, quantity: 1 }], buyers[index]),
      )
      expect(tally(answers)).to.deep.equal({ 201: 5, 409: 27 })
      const refusals = answers.filter(answer => answer.status === 409).map(answer => answer.body.code)
      expect(new Set(refusals)).to.deep.equal(new Set(['listings.insufficient_stock']))
      expect(await stockOf(t, listing.id)).to.equal(0)
      expect(await t.db('order_items').where({ listing_id: listing.id })).to.have.length(5)
    })
  }

  it('never sell more than there is when quantities differ', async () => {
    const listing = await t.accounts.listing({ stock: 20 })
    const answers = await atOnce(32, index =>
      order(t, [{ listingId: listing.id, quantity: 1 + (index % 4) }], buyers[index]),
    )
    expect(Object.keys(tally(answers))).to.deep.equal(['201', '409'])
    const sold: number[] = await t.db('order_items').where({ listing_id: listing.id }).pluck('quantity')
    expect(sold.reduce((all, each) => all + each, await stockOf(t, listing.id))).to.equal(20)
  })

  it('do not block one another for good when their carts cross', async () => {
    const a = await t.accounts.listing({ stock: 100 })
    const b = await t.accounts.listing({ stock: 100 }, 'seller:2')
    const c = await t.accounts.listing({ stock: 100 })
    const line = (id: string) => ({ listingId: id, quantity: 1 })
    const carts = [
      [a.id, b.id, c.id],
      [c.id, b.id, a.id],
      [b.id.toUpperCase(), a.id, c.id.toUpperCase()],
      [a.id.toUpperCase(), c.id, b.id],
    ]
    const answers = await atOnce(32, index => order(t, (carts[index % 4] ?? []).map(line), buyers[index]))
    expect(tally(answers)).to.deep.equal({ 201: 32 })
    for (const { id } of [a, b, c]) expect(await stockOf(t, id)).to.equal(68)
  })
})
