import { expect } from 'chai'
import fc from 'fast-check'
import { fold, partKey, wordsOf } from '../../api/platform/fold.js'
import { useContext } from '../support/context.js'
import { mixedText } from '../support/scripts.js'

describe('one spelling for what reads the same', () => {
  const t = useContext()

  const inDatabase = async (texts: string[]): Promise<{ fold: string; key: string }[]> => {
    const { rows } = await t.db.raw(
      `select public.fold(given) as fold, public.part_key(given) as key
       from unnest(?::text[]) with ordinality as one (given, at) order by at`,
      [texts],
    )
    return rows
  }

  for (const [text, folded] of [
    ['أإآٱا', 'ااااا'],
    ['كبرى', 'كبري'],
    ['أمامية', 'اماميه'],
    ['مؤشر هيئة ماء', 'موشر هييه ما'],
    ['فـــحـمـات', 'فحمات'],
    ['فَحَمَاتٌ', 'فحمات'],
    ['٠٤٤٦٥', '04465'],
    ['۰۴۴۶۵', '04465'],
    ['أإآؤئ'.normalize('NFD'), 'اااوي'],
    ['\ufedf\ufe98\ufeae', 'لتر'],
    ['\ufefb', 'لا'],
    ['چکگپڤی', 'جككبفي'],
    ['Citroën Škoda É'.normalize('NFD'), 'Citroen skoda e'],
    ['04465-33480/A.1_b+c@d<e&f~g', '04465 33480 A 1 b c d e f g'],
    ['\u2067كامري\u2069\u200f', 'كامري'],
    ['\u202bكامري\u202c \u061cfil\u00adter\u2060s', 'كامري filters'],
  ] as const) {
    it(`makes ${JSON.stringify(text)} ${JSON.stringify(folded)} on both sides`, async () => {
      expect(fold(text)).to.equal(folded)
      expect((await inDatabase([text]))[0]?.fold).to.equal(folded)
    })
  }

  for (const number of [
    '04465-06090',
    '04465 06090',
    '0446506090',
    '٠٤٤٦٥-٠٦٠٩٠',
    '۰۴۴۶۵٠٦٠٩٠',
    '04465.06090',
  ]) {
    it(`takes ${number} for 0446506090`, async () => {
      expect(partKey(number)).to.equal('0446506090')
      expect((await inDatabase([number]))[0]?.key).to.equal('0446506090')
    })
  }

  it('leaves out of a part number the letters whose capitals depend on who is asked', async () => {
    expect(partKey('aß-1ı')).to.equal('A1')
    expect((await inDatabase(['aß-1ı']))[0]?.key).to.equal('A1')
  })

  it('is the same in the application and in the database, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mixedText(), { minLength: 150, maxLength: 150 }), async texts => {
        const rows = await inDatabase(texts)
        const ours = texts.map(text => ({ fold: fold(text), key: partKey(text) }))
        for (const [at, text] of texts.entries())
          expect(ours[at], JSON.stringify(text)).to.deep.equal(rows[at])
      }),
      { numRuns: 25 },
    )
  })

  it('is the same by itself as beside other words, and once as twice', () => {
    fc.assert(
      fc.property(mixedText(), mixedText(), (text, other) => {
        expect(fold(`${text} ${other}`)).to.equal(`${fold(text)} ${fold(other)}`)
        expect(fold(fold(text))).to.equal(fold(text))
        expect(wordsOf(fold(text))).to.deep.equal(wordsOf(text))
      }),
    )
  })
})
