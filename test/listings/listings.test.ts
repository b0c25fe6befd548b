import { expect } from 'chai'
import { useContext } from '../support/context.js'
import type { Answer } from '../support/request.js'

const offer = (over: object = {}) => ({
  title: { ar: 'فلتر زيت', en: 'Oil filter' },
  description: { ar: 'أصلي', en: 'Genuine' },
  categoryId: 'brakes',
  partNumber: '90915-YZZD1',
  price: { amount: 4_500 },
  stock: 3,
  ...over,
})

describe('listings', () => {
  const t = useContext()
  let category: string
  const create = (over: object = {}, as: 'seller' | `seller:${string}` = 'seller') =>
    t.post('/api/v1/listings', { as, body: offer({ categoryId: category, ...over }) })
  const edit = (id: string, body: object, as: 'seller' | `seller:${string}` = 'seller') =>
    t.patch(`/api/v1/listings/${id}`, { as, body })
  const get = (id: string, as?: 'buyer' | 'seller' | `seller:${string}` | 'admin') =>
    t.get(`/api/v1/listings/${id}`, as ? { as } : {})

  before(async () => {
    category = (await t.get('/api/v1/categories')).body.items[0].id
    await t.accounts.shop('seller')
    await t.accounts.shop('seller:other')
  })

  describe('offering', () => {
    it('makes a draft, unless it is to be on sale at once', async () => {
      const draft = await create()
      expect(draft.status, draft.text).to.equal(201)
      expect(draft.body).to.include({ status: 'DRAFT', condition: 'NEW', stock: 3, isFeatured: false })
      expect(draft.body.price).to.deep.equal({ amount: 4_500, currency: 'SAR' })
      expect((await create({ status: 'ACTIVE' })).body.status).to.equal('ACTIVE')
    })

    it('gives what was written as it is, and once more fit for a page', async () => {
      const ar = 'قياس <M8> و A < B\nسطر ثانٍ'
      const en = '<p onclick="x()">Fits <b>M8</b></p><script>alert(1)</script><a href="//x">here</a>'
      const { body } = await create({ status: 'ACTIVE', description: { ar, en } })
      const shown = (await get(body.id)).body
      expect(shown.description).to.deep.equal({ ar, en })
      expect(shown.descriptionHtml.en).to.equal('<p>Fits <b>M8</b></p>here')
      expect(shown.descriptionHtml.ar).to.include('A &lt; B<br />سطر ثانٍ')
    })

    it('shows what the law wants known of the seller', async () => {
      const { body } = await create({ status: 'ACTIVE' })
      expect((await get(body.id)).body.seller).to.include.keys('tradeName', 'crNumber', 'vatNumber')
    })

    it('is for drafts only while the seller waits for approval', async () => {
      await t.post('/api/v1/sellers', {
        as: 'buyer:pending',
        body: { tradeName: 'x', legalName: 'x', crNumber: '1234567890', city: 'x' },
      })
      const draft = await t.post('/api/v1/listings', {
        as: 'buyer:pending',
        body: offer({ categoryId: category }),
      })
      expect(draft.status, draft.text).to.equal(201)
      for (const answer of [
        await t.post('/api/v1/listings', {
          as: 'buyer:pending',
          body: offer({ categoryId: category, status: 'ACTIVE' }),
        }),
        await t.patch(`/api/v1/listings/${draft.body.id}`, {
          as: 'buyer:pending',
          body: { status: 'ACTIVE' },
        }),
      ]) {
        expect(answer.status).to.equal(409)
        expect(answer.body.code).to.equal('sellers.not_approved')
      }
      expect(
        (await t.get(`/api/v1/listings/${draft.body.id}`, { as: 'buyer:pending' })).body.status,
      ).to.equal('DRAFT')
    })

    it('refuses a category or a make there is not', async () => {
      for (const over of [
        { categoryId: 'no-such-thing' },
        { fits: [{ makeId: 'no-such-make' }] },
        { fits: [{ modelId: 'no-such-model' }] },
        { fits: [{ makeId: 'bmw', modelId: 'toyota-camry' }] },
        { fits: [{ modelId: 'toyota-camry', engineId: 'no-such-engine' }] },
      ]) {
        const answer = await create(over)
        expect(answer.status).to.equal(422)
        expect(answer.body.code).to.equal('listings.unknown_reference')
      }
    })

    for (const [what, over, pointer] of [
      ['a price of nothing', { price: { amount: 0 } }, '#/price/amount'],
      ['a fraction of a halala', { price: { amount: 10.5 } }, '#/price/amount'],
      ['another currency', { price: { amount: 10, currency: 'USD' } }, '#/price/currency'],
      ['more than can be kept', { price: { amount: 1_000_000_000 } }, '#/price/amount'],
      ['less than no stock', { stock: -1 }, '#/stock'],
      ['one language only', { title: { ar: 'فلتر' } }, '#/title/en'],
      ['somebody else as its seller', { sellerId: crypto.randomUUID() }, '#/sellerId'],
      ['a feature it did not buy', { isFeatured: true }, '#/isFeatured'],
      ['REMOVED as a beginning', { status: 'REMOVED' }, '#/status'],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const answer = await create(over)
        expect(answer.status).to.equal(422)
        expect(answer.body.errors[0].pointer).to.equal(pointer)
      })
    }
  })

  describe('editing', () => {
    it('changes what is sent and nothing else', async () => {
      const { body: before } = await create()
      const { body: edited } = await edit(before.id, { stock: 9 })
      expect({ ...edited, stock: before.stock, updatedAt: before.updatedAt }).to.deep.equal(before)
      expect(edited.stock).to.equal(9)
    })

    it('changes one language and leaves the other', async () => {
      const { body: made } = await create()
      const described = await edit(made.id, { description: { ar: 'جديد' } })
      expect(described.body.description).to.deep.equal({ ar: 'جديد', en: 'Genuine' })
      const titled = await edit(made.id, { title: { en: 'Filter' } })
      expect(titled.body.title).to.deep.equal({ ar: 'فلتر زيت', en: 'Filter' })
    })

    it('keeps the cars and numbers it does not send, and takes away those it sends as none', async () => {
      const crossReferences = [{ kind: 'SUPERSEDED', number: '04465-06090' }]
      const { body: made } = await create({ fits: [{ makeId: 'bmw' }], crossReferences })
      const { body: kept } = await edit(made.id, { stock: 1 })
      expect(kept.fits).to.deep.equal([
        { makeId: 'bmw', modelId: null, from: null, to: null, engineId: null },
      ])
      expect(kept.crossReferences).to.deep.equal(crossReferences)
      const { body: bare } = await edit(made.id, { fits: [], crossReferences: [] })
      expect(bare).to.deep.include({ fits: [], crossReferences: [] })
    })

    it('refuses an edit that says nothing, and one that says something unknown', async () => {
      const { body: made } = await create()
      expect((await edit(made.id, {})).status).to.equal(422)
      const answer = await edit(made.id, { featuredUntil: '2030-01-01T00:00:00Z' })
      expect(answer.body.errors[0].pointer).to.equal('#/featuredUntil')
    })

    it('finds nothing for another seller', async () => {
      const { body: made } = await create({ status: 'ACTIVE' })
      const answer = await edit(made.id, { price: { amount: 1 } }, 'seller:other')
      expect(answer.status).to.equal(404)
      expect(answer.body.code).to.equal('listings.not_found')
      expect((await get(made.id)).body.price.amount).to.equal(4_500)
    })

    it('finds nothing once it is removed', async () => {
      const { body: made } = await create({ status: 'ACTIVE' })
      expect((await edit(made.id, { status: 'REMOVED' })).status).to.equal(200)
      expect((await edit(made.id, { status: 'ACTIVE' })).status).to.equal(404)
      expect((await get(made.id)).status).to.equal(404)
    })

    it('is written into the audit trail by the names of the fields', async () => {
      const { body: made } = await create()
      await edit(made.id, { stock: 5, price: { amount: 100 } })
      const rows = await t.owner('audit_log').where({ object_id: made.id }).orderBy('at')
      expect(rows.map(row => row.action)).to.deep.equal(['listing_created', 'listing_edited'])
      expect(rows[1].details.fields).to.have.members(['stock', 'priceHalalas'])
    })
  })

  describe('what is not on sale', () => {
    for (const status of ['DRAFT', 'PAUSED'] as const) {
      it(`is seen by its seller alone: ${status}`, async () => {
        const { body: made } = await create()
        if (status === 'PAUSED') await edit(made.id, { status })
        expect((await get(made.id, 'seller')).status).to.equal(200)
        for (const as of [undefined, 'buyer', 'seller:other'] as const)
          expect((await get(made.id, as)).status, as).to.equal(404)
        const ids = (answer: Answer) => answer.body.items.map((item: { id: string }) => item.id)
        expect(ids(await t.get('/api/v1/listings?limit=100'))).to.not.include(made.id)
        expect(ids(await t.get('/api/v1/listings/mine?limit=100', { as: 'seller' }))).to.include(made.id)
        expect(ids(await t.get('/api/v1/listings/mine?limit=100', { as: 'seller:other' }))).to.not.include(
          made.id,
        )
      })
    }
  })
})

describe('searching listings', () => {
  const t = useContext()
  let brakes: string
  let lamp: string

  before(async () => {
    brakes = (
      await t.accounts.listing({
        titleAr: 'فحمات أمامية',
        titleEn: 'Front brake pads',
        categoryId: 'brake-pads',
      })
    ).id
    lamp = (
      await t.accounts.listing({
        categoryId: 'headlights',
        titleAr: 'مصباح يمين',
        titleEn: 'Right lamp',
        partNumber: '8115060X10',
        stock: 0,
      })
    ).id
    await t.accounts.listing({ titleEn: 'Hidden brake', status: 'DRAFT' })
  })

  const found = async (query: { [name: string]: string }): Promise<string[]> => {
    const answer = await t.get(`/api/v1/listings?${new URLSearchParams(query)}`)
    expect(answer.status, answer.text).to.equal(200)
    return answer.body.items.map((item: { id: string }) => item.id)
  }

  for (const q of [
    'فحمات',
    'أمامية فحمات',
    'brake',
    'BRAKE pads',
    'Toyota brake',
    '04465-33480',
    '0446533480',
    '04465 33480',
  ]) {
    it(`finds the brake pads by "${q}"`, async () => expect(await found({ q })).to.deep.equal([brakes]))
  }
  for (const q of ['مصباح', 'lamp', '8115060X10', '81150-60X10', '81150 60x10']) {
    it(`finds the lamp by "${q}"`, async () => expect(await found({ q })).to.deep.equal([lamp]))
  }
  for (const q of [
    'lamp & brake',
    'brake | lamp',
    '!lamp',
    'bra:*',
    'bra%',
    'br_ke',
    "') or true --",
    '<->',
    '\\',
    '*',
  ]) {
    it(`takes "${q}" for text`, async () => {
      const ids = await found({ q })
      expect(ids.length, ids.join()).to.be.below(2)
    })
  }

  it('reads operators as the blanks between words', async () => {
    expect(await found({ q: 'brake & pads' })).to.deep.equal([brakes])
    expect(await found({ q: 'brake | lamp' })).to.deep.equal(await found({ q: 'brake lamp' }))
  })

  it('is everything, newest first, where no word is given', async () => {
    for (const query of [{}, { q: '' }, { q: '   ' }] as Record<string, string>[])
      expect(await found(query)).to.deep.equal([lamp, brakes])
  })

  it('leaves out what is sold out, where that is asked', async () => {
    expect(await found({ inStock: 'true' })).to.deep.equal([brakes])
    expect(await found({ inStock: 'false' })).to.deep.equal([lamp, brakes])
  })

  it('narrows by category with its children, by make and by seller', async () => {
    const { category_id: own } = await t.db('listings').where({ id: brakes }).first('category_id')
    const { parent_id: parent } = await t.db('categories').where({ id: own }).first('parent_id')
    expect(await found({ category: own })).to.deep.equal([brakes])
    expect(await found({ category: parent })).to.deep.equal([brakes])
    expect(await found({ category: 'no-such-category' })).to.be.empty
    expect(await found({ make: 'no-such-make' })).to.be.empty
    const { id } = await t.accounts.shop()
    expect(await found({ seller: id })).to.have.length(2)
    expect(await found({ seller: crypto.randomUUID() })).to.be.empty
  })

  for (const [query, pointer] of [
    ['q=a&q=b', '?q'],
    ['q[]=a', '?q[]'],
    ['seller=x', '?seller'],
    ['category=UPPER', '?category'],
    ['inStock=maybe', '?inStock'],
    ['sort=price', '?sort'],
  ] as const) {
    it(`refuses ${query.slice(0, 20)}`, async () => {
      const answer = await t.get(`/api/v1/listings?${query}`)
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
    })
  }
})
