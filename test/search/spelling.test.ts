import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

const titled = (titleAr: string, titleEn: string) => ({ titleAr, titleEn })

describe('searching by words that are not quite right', () => {
  const t = useContext()
  const { found, isMended } = aShelf(t, {
    pads: { ...titled('فحمات أمامية كامري', 'Front brake pads Camry'), brand: 'Brembo' },
    radiator: titled('رديتر ماء', 'Radiator'),
    alternator: titled('دينمو', 'Alternator'),
    window: titled('زجاجة ملونة', 'Tinted glazing'),
    windows: titled('نوافذ', 'Glazier tools'),
    oil: titled('زيت', 'Mobile oil'),
    cap: titled('غطاء', 'Cap'),
  })

  for (const [q, name] of [
    ['فحمت', 'pads'],
    ['فحامت', 'pads'],
    ['فحمات كميري', 'pads'],
    ['كامير', 'pads'],
    ['رادتر', 'radiator'],
    ['ريدتر', 'radiator'],
    ['alternater', 'alternator'],
    ['altenator', 'alternator'],
    ['alterantor', 'alternator'],
    ['raditaor', 'radiator'],
    ['brembi', 'pads'],
    ['bermbo', 'pads'],
    ['brembbo فحمات', 'pads'],
    ['fromt braek camri', 'pads'],
    ['الزجاحة', 'window'],
    ['غاطء', 'cap'],
    ['paods', 'pads'],
    ['brokes', 'pads'],
  ] as const) {
    it(`finds the ${name} by ${q}, and says it was mended`, async () => {
      expect(await found(q)).to.deep.equal([name])
      expect(await isMended(q)).to.equal(true)
    })
  }

  for (const [q, name] of [
    ['fro bra', 'pads'],
    ['bre', 'pads'],
    ['altern', 'alternator'],
    ['أمام كامر', 'pads'],
    ['الأمام', 'pads'],
    ['زجاجة ملو', 'window'],
    ['tint', 'window'],
  ] as const) {
    it(`finds the ${name} by the beginnings ${q}`, async () => expect(await found(q)).to.deep.equal([name]))
  }

  it('finds all that begins so', async () => {
    expect(await found('glaz')).to.have.members(['window', 'windows'])
  })

  it('does not say so of what was found as it was typed', async () => {
    for (const q of ['فحمات', 'brembo', 'كامري', 'tinted glazing', ''])
      expect(await isMended(q), q).to.equal(false)
  })

  it('never mends a word away that is there', async () => {
    expect(await found('cap')).to.deep.equal(['cap'])
    expect(await found('cap radiator')).to.be.empty
    expect(await found('oil tinted')).to.be.empty
    expect(await isMended('oil tinted')).to.equal(false)
    expect(await found('brembo oil')).to.be.empty
  })

  it('mends one word beside another that is right, and wants both', async () => {
    expect(await found('brembo altarnator')).to.be.empty
    for (const q of ['mobile oyl', 'mobil oil', 'moblie iol'])
      expect(await found(q), q).to.deep.equal(['oil'])
  })

  it('finds nothing by what is like nothing', async () => {
    for (const q of ['qqqqqqqq', 'ظظظظظظ', 'x', 'brxmbxxx']) {
      expect(await found(q), q).to.be.empty
      expect(await isMended(q), q).to.equal(false)
    }
  })

  it('mends within the filters too', async () => {
    expect(await found({ q: 'alternater', brand: 'Brembo' })).to.be.empty
    expect(await found({ q: 'fromt', brand: 'Brembo', sort: 'price_asc' })).to.deep.equal(['pads'])
  })
})
