import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

const [titleAr, titleEn] = ['ماصة', 'Dampener']
const camry = (from: number, to: number) => [{ modelId: 'toyota-camry', from, to }]

describe('searching by car', () => {
  const t = useContext()
  const { found } = aShelf(t, {
    seventh: { titleAr, titleEn, fits: camry(2012, 2017) },
    eighth: { titleAr, titleEn, fits: camry(2018, 2020) },
    titled: { titleAr: 'ماصة 2015', titleEn, fits: camry(2018, 2020) },
    anyToyota: { titleAr, titleEn, fits: [{ makeId: 'toyota' }] },
    corolla: { titleAr, titleEn, fits: [{ modelId: 'toyota-corolla', from: 2012, to: 2017 }] },
    named: { titleAr: 'ماصة كامري', titleEn },
    mazda3: { titleAr, titleEn, fits: [{ modelId: 'mazda-3' }] },
    setOf3: { titleAr, titleEn: 'Dampener, set of 3', fits: [{ modelId: 'mazda-6' }] },
    anyCar: { titleAr, titleEn, fits: [] },
  })

  const CAMRY = ['seventh', 'eighth', 'titled', 'anyToyota', 'named'] as const
  for (const q of [
    'كامري',
    'كمري',
    'camry',
    'Toyota Camry',
    'تويوتا كامري',
    'ماصة كامري',
    'camry dampener',
    'الكامري',
  ])
    it(`finds what fits a Camry, or is called so, by ${q}`, async () =>
      expect(await found(q)).to.have.members([...CAMRY]))

  for (const q of [
    'كامري 2015',
    '2015 camry',
    'ماصة كامري ٢٠١٥',
    'camry dampener 2015',
    'تويوتا كامري ماصة 2015',
  ])
    it(`finds what fits a Camry of 2015, or says so, by ${q}`, async () =>
      expect(await found(q)).to.have.members(['seventh', 'titled', 'anyToyota']))

  it('counts the first year and the last', async () => {
    for (const [year, names] of [
      [2011, ['anyToyota']],
      [2012, ['seventh', 'anyToyota']],
      [2017, ['seventh', 'anyToyota']],
      [2018, ['eighth', 'titled', 'anyToyota']],
      [2020, ['eighth', 'titled', 'anyToyota']],
      [2021, ['anyToyota']],
    ] as const)
      expect(await found(`كامري ${year}`), `${year}`).to.have.members([...names])
  })

  it('finds by a make what fits any of its cars', async () => {
    for (const q of ['تويوتا', 'toyota', 'Toyota dampener', 'تويوتا ماصة'])
      expect(await found(q), q).to.have.members([...CAMRY, 'corolla'])
  })

  it('takes a name in figures for a model beside its make only', async () => {
    for (const q of ['mazda 3', 'مازدا 3', 'مازدا ٣', 'mazda3'])
      expect(await found(q), q).to.deep.equal(['mazda3'])
    expect(await found('3 dampener')).to.deep.equal(['setOf3'])
  })

  it('takes a year without a car for a word', async () => {
    expect(await found('ماصة 2015')).to.deep.equal(['titled'])
    expect(await found('2015')).to.deep.equal(['titled'])
  })

  it('finds what was edited by the cars it fits now', async () => {
    const { id } = await t.accounts.listing({ titleAr: 'ميزان', titleEn: 'Gauge', fits: camry(2012, 2017) })
    const body = { fits: [{ modelId: 'toyota-corolla', from: 2001, to: 2001 }] }
    expect(await found('gauge camry 2012')).to.have.length(1)
    expect((await t.patch(`/api/v1/listings/${id}`, { as: 'seller', body })).status).to.equal(200)
    expect(await found('gauge camry 2012')).to.be.empty
    expect(await found('gauge corolla 2001')).to.have.length(1)
  })
})
