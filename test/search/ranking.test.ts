import { expect } from 'chai'
import { halalas } from '../../api/platform/money.js'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

const titled = { titleAr: 'حمالة مفاتيح', titleEn: 'Keyring holder' }
const described = {
  titleAr: 'هدية',
  titleEn: 'Gift',
  descriptionAr: 'حمالة مفاتيح',
  descriptionEn: 'A keyring holder',
}

describe('the order of what is found', () => {
  const t = useContext()
  const { found, idOf } = aShelf(t, {
    featured: { ...titled, priceHalalas: halalas(300) },
    titled: { ...titled, priceHalalas: halalas(200) },
    described: { ...described, priceHalalas: halalas(100) },
    featuredOnce: { ...titled, priceHalalas: halalas(200) },
    soldOut: { ...titled, stock: 0, priceHalalas: halalas(400) },
    newest: { ...titled, priceHalalas: halalas(200) },
  })

  before(async () => {
    await t.owner('listings').where({ id: idOf.featured }).update({ featured_until: '2100-01-01' })
    await t.owner('listings').where({ id: idOf.featuredOnce }).update({ featured_until: '2020-01-01' })
  })

  it('is what is promoted, what can be had, where the words stand, what is newest', async () => {
    for (const q of ['keyring', 'مفاتيح', 'keyring holder', 'حمالة keyring'])
      expect((await found(q)).slice(0, 4), q).to.deep.equal(['featured', 'newest', 'featuredOnce', 'titled'])
    const ranked = await found('keyring')
    expect(ranked.slice(4)).to.have.members(['described', 'soldOut'])
  })

  it('is the newest first where that is asked, featured or not', async () => {
    const newest = ['newest', 'soldOut', 'featuredOnce', 'described', 'titled', 'featured']
    for (const query of [
      { q: 'keyring', sort: 'newest' },
      { sort: 'newest' },
      { category: 'accessories-tools' },
    ])
      expect(await found(query as never)).to.deep.equal(newest)
  })

  it('is by price, those of one price by their age', async () => {
    const cheapest = ['described', 'titled', 'featuredOnce', 'newest', 'featured', 'soldOut']
    for (const q of ['keyring', '']) {
      expect(await found({ q, sort: 'price_asc' })).to.deep.equal(cheapest)
      expect(await found({ q, sort: 'price_desc' })).to.deep.equal([...cheapest].reverse())
    }
  })

  it('is kept from page to page', async () => {
    for (const sort of ['relevance', 'newest', 'price_asc', 'price_desc']) {
      const whole = (await t.get(`/api/v1/listings?q=keyring&sort=${sort}`)).body.items
      const parts: unknown[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more = cursor && `&cursor=${cursor}`
        const { body } = await t.get(`/api/v1/listings?q=keyring&sort=${sort}&limit=1${more}`)
        parts.push(...body.items)
        cursor = body.nextCursor
      }
      expect(parts).to.deep.equal(whole)
    }
  })
})
