import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { aShelf, type Query } from '../support/searching.js'

const titled = (titleAr: string, titleEn: string) => ({ titleAr, titleEn })

describe('searching by words', () => {
  const t = useContext()
  const { found } = aShelf(t, {
    pads: titled('فَحمات الفرامل الأماميّة', 'Front brake pads'),
    box: titled('علبة مرآة مؤخرة', 'Mirror housing, rear'),
    starter: titled('Starter motor', 'Starter motor'),
    dynamo: titled('دينمو', 'دينمو'),
    horn: { ...titled('قطعة ٣٣', 'Item 33'), categoryId: 'horns' },
    oil: titled('زيت ٤ لتر', 'Oil 4 L'),
    filter: titled('فلتر', 'Element'),
    described: { ...titled('رف', 'Rack'), descriptionAr: 'خشب الزان', descriptionEn: 'Solid beech wood' },
    skoda: { ...titled('غطاء', 'Lid Škoda Citroën'), brand: 'Škoda' },
  })

  for (const [what, queries, name] of [
    [
      'with and without the article, its marks or its lengthening',
      'الفرامل فرامل فراملِ فرامـــل والفرامل بالفرامل',
      'pads',
    ],
    ['by any hamza, or none', 'أماميه امامية إمامية آمامية ٱماميّه اماميه', 'pads'],
    ['by the forms old documents write', 'ﻓﺤﻤﺎﺕ ﻓرامل', 'pads'],
    ['by either letter for the end of a word', 'علبة علبه مراة مرآه مراه', 'box'],
    ['by a hamza and by its seat', 'مؤخرة موخره', 'box'],
    ['by English words in any form', 'brake brakes braking Brake BRAKES pad pads fronts', 'pads'],
    ['by any form of a word nobody explained', 'housing housings house Housed', 'box'],
    ['with and without accents', 'skoda škoda SKODA Škoda citroen citroën CITROËN', 'skoda'],
    ['by figures of any script', '٣٣ 33 ۳۳', 'horn'],
    ['by what is only in its description', 'الزان زان beech woods', 'described'],
  ] as const) {
    it(`finds a part ${what}`, async () => {
      for (const q of queries.split(' ')) expect(await found(q), q).to.deep.equal([name])
    })
  }

  it('takes words of both languages in any order, and wants all of them', async () => {
    for (const q of ['فحمات front', 'front فحمات', 'pads أمامي brake', 'brake فرامل pads فحمات'])
      expect(await found(q), q).to.deep.equal(['pads'])
    for (const q of ['فحمات mirror', 'front brake mirror', 'pads زان']) expect(await found(q), q).to.be.empty
  })

  it('knows what else a part is called, in either language', async () => {
    for (const q of ['سلف', 'مارش', 'سلفات', 'السلف', 'starter', 'ستارتر', 'self starter'])
      expect(await found(q), q).to.deep.equal(['starter'])
    for (const q of ['dynamo', 'دينامو', 'alternators', 'الدينمو', 'generator', 'دينمو شحن'])
      expect(await found(q), q).to.deep.equal(['dynamo'])
  })

  it('finds what stands in a category by the words for it', async () => {
    for (const q of ['بوري', 'البواري', 'هرن', 'horns', 'car horn', 'horn 33', 'زمور'])
      expect(await found(q), q).to.deep.equal(['horn'])
    // of a branch: what stands in it, and what speaks of something in it
    for (const q of ['كهرباء', 'electrics'])
      expect(await found(q), q).to.have.members(['horn', 'starter', 'dynamo'])
  })

  it('does not take a filter for a litre', async () => {
    expect(await found('فلتر')).to.deep.equal(['filter'])
    expect(await found('لتر')).to.deep.equal(['oil'])
  })

  it('has no use for English words that are in every sentence', async () => {
    expect(await found('the brake pads for the')).to.deep.equal(['pads'])
  })

  it('finds what was edited by its new words only', async () => {
    const { id } = await t.accounts.listing({ ...titled('مظلة', 'Awning'), brand: '' })
    const answer = await t.patch(`/api/v1/listings/${id}`, {
      as: 'seller',
      body: { title: { ar: 'خيمة', en: 'Tent' } },
    })
    expect(answer.status).to.equal(200)
    expect(await found('خيمه tent')).to.have.length(1)
    expect(await found('awning')).to.be.empty
  })
})

describe('searching what is not on sale', () => {
  const t = useContext()
  const { found, idOf } = aShelf(t, {
    active: titled('مظلة', 'Awning'),
    soldOut: { ...titled('مظلة', 'Awning'), stock: 0 },
    draft: { ...titled('مظلة', 'Awning'), status: 'DRAFT' },
    paused: titled('مظلة', 'Awning'),
    removed: titled('مظلة', 'Awning'),
    suspended: titled('مظلة', 'Awning'),
  })

  before(async () => {
    for (const name of ['paused', 'removed'] as const)
      await t.patch(`/api/v1/listings/${idOf[name]}`, { as: 'seller', body: { status: name.toUpperCase() } })
    const { id } = await t.accounts.shop('seller:suspended')
    await t.owner('listings').where({ id: idOf.suspended }).update({ seller_id: id })
    await t.owner('sellers').where({ id }).update({ status: 'SUSPENDED' })
  })

  for (const query of [
    { q: 'awning' },
    { q: 'مظله', sort: 'newest' },
    { q: 'مظله', sort: 'price_asc' },
    { sort: 'price_desc' },
    { category: 'accessories-tools' },
    {},
  ] as Query[]) {
    it(`finds nothing of it by ${JSON.stringify(query)}`, async () => {
      expect(await found(query)).to.have.members(['active', 'soldOut'])
    })
  }

  it('does not leave a page empty where it would have stood', async () => {
    for (const sort of ['relevance', 'newest', 'price_asc'])
      expect(await found({ q: 'awning', limit: 1, sort }), sort).to.have.length(1)
    expect(await found({ q: 'awning', limit: 1, sort: 'newest' })).to.deep.equal(['soldOut'])
  })
})
