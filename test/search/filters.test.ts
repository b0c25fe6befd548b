import { expect } from 'chai'
import { halalas } from '../../api/platform/money.js'
import { useContext } from '../support/context.js'
import { aShelf, type Query } from '../support/searching.js'

const camry = { modelId: 'toyota-camry', from: 2012, to: 2017 }
const V6 = 'toyota-camry-2gr-fe'
const FOUR = 'toyota-camry-2ar-fe'

describe('narrowing a search', () => {
  const t = useContext()
  const { found, idOf } = aShelf(t, {
    pads: { titleEn: 'Pads', categoryId: 'brake-pads', brand: 'Brembo', fits: [camry] },
    discs: {
      titleAr: 'دسكات',
      titleEn: 'Discs',
      categoryId: 'brake-discs',
      brand: "O'Reilly",
      condition: 'USED',
    },
    brakes: { titleEn: 'Brakes', categoryId: 'brakes', brand: 'Škoda', stock: 0 },
    v6: { titleEn: 'Coil V6', categoryId: 'ignition-coils', fits: [{ ...camry, engineId: V6 }] },
    four: { titleEn: 'Coil four', categoryId: 'ignition-coils', fits: [{ ...camry, engineId: FOUR }] },
    late: {
      titleEn: 'Coil',
      categoryId: 'ignition-coils',
      fits: [{ modelId: 'toyota-camry', from: 2018, to: 2020 }],
    },
    toyota: { titleEn: 'Mat', priceHalalas: halalas(5_000), fits: [{ makeId: 'toyota' }] },
    corolla: { titleEn: 'Mat', priceHalalas: halalas(5_001), fits: [{ modelId: 'toyota-corolla' }] },
    lexus: {
      titleEn: 'Mat',
      priceHalalas: halalas(4_999),
      fits: [{ makeId: 'lexus' }],
      condition: 'REFURBISHED',
    },
    shared: { titleEn: 'Coil shared', fits: [{ ...camry, engineId: V6 }, { modelId: 'toyota-corolla' }] },
  })

  before(async () => {
    await t.owner('listings').where({ id: idOf.discs }).update({ featured_until: '2100-01-01' })
    await t.owner('listings').where({ id: idOf.pads }).update({ featured_until: '2020-01-01' })
    const { id } = await t.accounts.shop('seller:lexus')
    await t.owner('listings').where({ id: idOf.lexus }).update({ seller_id: id })
  })

  const car = { vehicle: 'toyota-camry' }
  const CASES: [what: string, query: Query, names: string][] = [
    ['a category', { category: 'brake-pads' }, 'pads'],
    ['a category with its children', { category: 'brakes' }, 'pads discs brakes'],
    ['a category there is none of', { category: 'no-such' }, ''],
    ['a brand', { brand: 'Brembo' }, 'pads'],
    ['a brand in small letters', { brand: 'brembo' }, 'pads'],
    ['a brand with an apostrophe', { brand: "o'reilly" }, 'discs'],
    ['a brand with an accent', { brand: 'ŠKODA' }, 'brakes'],
    ['a piece of a brand', { brand: 'brem' }, ''],
    ['a brand that is a tsquery', { brand: "x' | '*" }, ''],
    ['a make', { make: 'toyota' }, 'pads v6 four late toyota corolla shared'],
    ['another make', { make: 'lexus' }, 'lexus'],
    ['a model', car, 'pads v6 four late toyota shared'],
    ['another model of the make', { vehicle: 'toyota-corolla' }, 'toyota corolla shared'],
    ['a model nobody has parts for', { vehicle: 'toyota-yaris' }, 'toyota'],
    ['a model there is none of', { vehicle: 'toyota-nothing' }, ''],
    ['the first year', { ...car, year: 2012 }, 'pads v6 four toyota shared'],
    ['the last year', { ...car, year: 2017 }, 'pads v6 four toyota shared'],
    ['the year after', { ...car, year: 2018 }, 'late toyota'],
    ['a year of none', { ...car, year: 2011 }, 'toyota'],
    ['an engine', { ...car, engine: V6 }, 'pads v6 late toyota shared'],
    ['an engine that one of two cars has', { ...car, engine: FOUR }, 'pads four late toyota'],
    ['an engine of another model', { ...car, engine: 'toyota-corolla-1zr-fe' }, 'toyota shared'],
    ['an engine there is none of', { ...car, engine: 'toyota-camry-none' }, ''],
    ['an engine and a year', { ...car, engine: FOUR, year: 2015 }, 'pads four toyota'],
    ['a condition', { condition: 'USED' }, 'discs'],
    ['a lowest price', { make: 'toyota', priceFrom: 5_001 }, 'pads v6 four late corolla shared'],
    ['a highest price', { priceTo: 5_000 }, 'toyota lexus'],
    ['one price', { priceFrom: 5_000, priceTo: 5_000 }, 'toyota'],
    ['what is in stock', { category: 'brakes', inStock: true }, 'pads discs'],
    [
      'nothing, where that is off',
      { category: 'brakes', inStock: false, featured: false },
      'pads discs brakes',
    ],
    ['what is featured now', { featured: true }, 'discs'],
    ['words and a category', { q: 'coil', category: 'ignition-coils' }, 'v6 four late'],
    ['words of a category and another', { q: 'قماشات', category: 'brake-discs' }, ''],
    ['words, a model and a year', { q: 'coil', ...car, year: 2019 }, 'late'],
    ['words, a brand and a condition', { q: 'discs', brand: "O'REILLY", condition: 'USED' }, 'discs'],
    ['words and a price', { q: 'mat', priceFrom: 5_000 }, 'toyota corolla'],
    [
      'all there is',
      {
        ...car,
        year: 2015,
        engine: V6,
        make: 'toyota',
        q: 'V6',
        category: 'ignition-coils',
        condition: 'NEW',
        inStock: true,
        priceFrom: 1,
        priceTo: 20_000,
      },
      'v6',
    ],
  ]

  for (const [what, query, names] of CASES) {
    for (const sort of ['relevance', 'newest', 'price_asc']) {
      it(`keeps ${what}, by ${sort}`, async () => {
        expect(await found({ ...query, sort })).to.have.members(names.split(' ').filter(Boolean))
      })
    }
  }

  it('keeps the listings of a seller', async () => {
    const { id: lexus } = await t.accounts.shop('seller:lexus')
    for (const query of [{}, { q: 'mat' }, { sort: 'price_desc' }, { make: 'lexus' }] as Query[])
      expect(await found({ ...query, seller: lexus })).to.deep.equal(['lexus'])
    expect(await found({ seller: lexus, make: 'toyota' })).to.be.empty
    expect(await found({ seller: crypto.randomUUID() })).to.be.empty
  })

  for (const [query, pointer] of [
    ['year=2015', '?vehicle'],
    [`engine=${V6}`, '?vehicle'],
    ['make=toyota&year=2015', '?vehicle'],
    ['priceFrom=2&priceTo=1', '?priceTo'],
    ['vehicle=toyota-camry&year=1949', '?year'],
    ['vehicle=toyota-camry&year=2101', '?year'],
    ['vehicle=toyota-camry&year=x', '?year'],
    ['vehicle=Toyota%20Camry', '?vehicle'],
    ['engine=2GR-FE&vehicle=toyota-camry', '?engine'],
    ['priceFrom=-1', '?priceFrom'],
    ['priceFrom=1.5', '?priceFrom'],
    ['priceTo=1000000000', '?priceTo'],
    ['brand=', '?brand'],
    [`brand=${'x'.repeat(61)}`, '?brand'],
    ['condition=OLD', '?condition'],
    ['featured=maybe', '?featured'],
    ['facets=2', '?facets'],
    ['sort=oldest', '?sort'],
    ['colour=red', '?colour'],
  ] as const) {
    it(`refuses ${query.slice(0, 40)}`, async () => {
      const answer = await t.get(`/api/v1/listings?${query}`)
      expect(answer.status, answer.text).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
    })
  }
})
