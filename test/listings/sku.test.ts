import { expect } from 'chai'
import { useContext } from '../support/context.js'

describe("a seller's own number for a listing", () => {
  const t = useContext()
  const offer = (over: object = {}) => ({
    title: { ar: 'فلتر زيت', en: 'Oil filter' },
    categoryId: 'oil-filters',
    partNumber: '90915-YZZD1',
    price: { amount: 4_500 },
    stock: 3,
    status: 'ACTIVE',
    ...over,
  })
  const create = (over: object, as: 'seller' | 'seller:other' = 'seller') =>
    t.post('/api/v1/listings', { as, body: offer(over) })
  const edit = (id: string, body: object) => t.patch(`/api/v1/listings/${id}`, { as: 'seller', body })

  before(async () => {
    await t.accounts.shop('seller')
    await t.accounts.shop('seller:other')
  })

  it('is kept, changed and taken away', async () => {
    const { body: made } = await create({ sku: ' A-1 ' })
    expect(made.sku).to.equal('A-1')
    expect((await edit(made.id, { stock: 4 })).body.sku).to.equal('A-1')
    expect((await edit(made.id, { sku: 'A-2' })).body.sku).to.equal('A-2')
    expect((await edit(made.id, { sku: null })).body.sku).to.equal(null)
    expect((await create({})).body.sku).to.equal(null)
  })

  it('is shown to its seller and to nobody else', async () => {
    const { body: made } = await create({ sku: 'SECRET' })
    const seen = (as?: 'seller' | 'seller:other' | 'admin') =>
      t.get(`/api/v1/listings/${made.id}`, as ? { as } : {})
    expect((await seen('seller')).body.sku).to.equal('SECRET')
    for (const as of [undefined, 'seller:other', 'admin'] as const)
      expect((await seen(as)).body, as).to.not.have.property('sku')
    const mine = await t.get('/api/v1/listings/mine', { as: 'seller' })
    expect(mine.body.items[0]).to.include({ id: made.id, sku: 'SECRET' })
    expect((await t.get('/api/v1/listings')).text).to.not.include('SECRET')
  })

  it('stands for one listing of a seller', async () => {
    const { body: made } = await create({ sku: 'TWICE' })
    const { body: other } = await create({})
    for (const answer of [await create({ sku: 'TWICE' }), await edit(other.id, { sku: 'TWICE' })])
      expect(answer.body).to.include({ status: 409, code: 'listings.sku_taken' })
    expect((await create({ sku: 'TWICE' }, 'seller:other')).status).to.equal(201)
    expect((await edit(made.id, { sku: 'TWICE' })).status).to.equal(200)
  })

  it('is free again once the listing is removed', async () => {
    const { body: made } = await create({ sku: 'AGAIN' })
    await edit(made.id, { status: 'REMOVED' })
    expect((await create({ sku: 'AGAIN' })).status).to.equal(201)
  })

  for (const sku of ['', '   ', 'x'.repeat(61), 'a\nb', 'a\u202eb', '4111111111111111', 5]) {
    it(`is not ${JSON.stringify(sku).slice(0, 30)}`, async () => {
      const answer = await create({ sku })
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal('#/sku')
    })
  }
})
