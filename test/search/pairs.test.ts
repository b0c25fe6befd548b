import { expect } from 'chai'
import { keysOf } from '../../api/modules/listings/fitment.js'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

const CAMRY = { makeId: 'toyota', modelId: 'toyota-camry', from: 2015, to: 2017, engineId: null }

describe('a part and a car asked for together', () => {
  const t = useContext()
  const { found } = aShelf(t, {
    pads: {
      titleAr: 'فحمات أمامية',
      titleEn: 'Front brake pads',
      categoryId: 'brake-pads',
      fits: [{ modelId: 'toyota-camry' }],
    },
    hilux: { titleAr: 'فحمات هايلكس', titleEn: 'Hilux brake pads', categoryId: 'brake-pads' },
    filter: { titleAr: 'فلتر زيت كامري', titleEn: 'Oil filter for Camry', categoryId: 'oil-filters' },
    every: {
      titleAr: 'فحمات',
      titleEn: 'Brake pads',
      categoryId: 'brake-pads',
      fits: [{ makeId: 'toyota' }],
    },
    said: { titleAr: 'طقم فحمات وهوبات كامري', titleEn: 'Set', categoryId: 'brake-discs' },
  })

  for (const [q, names] of [
    ['فحمات كامري', ['pads', 'every', 'said']],
    ['كامري فحمات', ['pads', 'every', 'said']],
    ['camry brake pads', ['pads', 'every', 'said']],
    ['front brake pads camry', ['pads']],
    ['brake pads hilux', ['hilux', 'every']],
    ['brake pads toyota', ['pads', 'hilux', 'every', 'said']],
    ['oil filter camry', ['filter']],
    ['oil filter hilux', []],
    ['brakes camry', ['pads', 'every', 'said']],
  ] as const)
    it(`finds by ${q} what is both, and nothing that is one of them`, async () =>
      expect(await found(q)).to.have.members([...names]))

  it('follows an edit of the category and of the cars', async () => {
    const [{ id }] = (await t.get('/api/v1/listings?q=hilux%20brake%20pads')).body.items
    const edit = (body: object) => t.patch(`/api/v1/listings/${id}`, { as: 'seller', body })
    expect((await edit({ title: { ar: 'قطعة', en: 'Piece' }, categoryId: 'oil-filters' })).status).to.equal(
      200,
    )
    expect(await found('brake pads hilux')).to.not.include('hilux')
    expect((await edit({ fits: [{ modelId: 'toyota-hilux' }] })).status).to.equal(200)
    expect(await found('oil filter hilux')).to.deep.equal(['hilux'])
  })

  it('is a key for each of the one with each of the other', () => {
    const keys = keysOf([CAMRY], [], ['kc:brakes', 'ks:front', 'km:toyota'], 'brake-pads')
    expect(keys.filter(key => key.includes('+'))).to.have.members(
      ['brakes', 'brake-pads'].flatMap(part =>
        ['km:toyota', 'kv:toyota-camry'].map(car => `kc:${part}+${car}`),
      ),
    )
    expect(keysOf([], [], ['ks:front'], 'brake-pads')).to.deep.equal(['ks:front'])
  })

  it('finds what stood there before the key was known', async () => {
    const { up, down } = await import('../../migrations/20261127150200_paired_keys.js')
    const keys = async () => (await t.owner('listings').orderBy('id').pluck('keys')).map(String)
    const before = await keys()
    await t.owner.transaction(down)
    expect((await keys()).join()).to.not.include('+')
    await t.owner.transaction(up)
    expect(await keys()).to.deep.equal(before)
  })
})
