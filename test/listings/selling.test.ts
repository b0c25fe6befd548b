import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { order } from '../support/ordering.js'
import { place, stockOf } from '../support/shopping.js'

describe('selling', () => {
  const t = useContext()

  it('does not put sold parts back on sale by an edit that saw an old stock', async () => {
    const listing = await t.accounts.listing({ stock: 10 })
    await place(t, [{ listingId: listing.id, quantity: 3 }])
    const edit = (stockWas: number) =>
      t.patch(`/api/v1/listings/${listing.id}`, { as: 'seller', body: { stock: 10, stockWas } })
    const refused = await edit(10)
    expect(refused.body).to.include({ status: 409, code: 'listings.stock_changed', stock: 7 })
    expect(await stockOf(t, listing.id)).to.equal(7)
    expect((await edit(7)).body.stock).to.equal(10)
  })

  it('ends with a suspension: no orders, no edits, and no verification lifts it', async () => {
    const listing = await t.accounts.listing({}, 'seller:9')
    const shop = await t.accounts.shop('seller:9')
    await t.owner('sellers').where({ id: shop.id }).update({ status: 'SUSPENDED' })
    expect((await order(t, [{ listingId: listing.id, quantity: 1 }])).body.code).to.equal('sellers.suspended')
    const edit = await t.patch(`/api/v1/listings/${listing.id}`, { as: 'seller:9', body: { stock: 5 } })
    expect(edit.body.code).to.equal('sellers.suspended')
    const change = await t.patch('/api/v1/sellers/me/kyc', { as: 'seller:9', body: { city: 'جدة' } })
    expect(change.body.code).to.equal('sellers.suspended')
  })
})
