import { expect } from 'chai'
import fc from 'fast-check'
import { createLexicon, type Lexicon } from '../../api/modules/catalogue/lexicon.js'
import { keysOf } from '../../api/modules/listings/fitment.js'
import { compile, readQuery } from '../../api/modules/search/query-text.js'
import { useContext } from '../support/context.js'
import { mixedText } from '../support/scripts.js'

/** Pieces that mean something to tsquery, to LIKE, to SQL or to a shell, between words that mean something here. */
const syntax = fc
  .array(
    fc.constantFrom(
      ..."' '' \" \\ \\\\ & | ! ( ) <-> <2> :* :A : * % _ ~ -- ; $1 $$ { } null and or not the c:brakes s8:0 n:".split(
        ' ',
      ),
      ...`brake فحمات كامري 2015 04465-33480 17" O'Ring 4x4 a/c 3e5 a@b.c http://a.b/c 2012~2015 5:30`.split(
        ' ',
      ),
      ' ',
    ),
    { maxLength: 14 },
  )
  .map(pieces => pieces.join(''))
const anyText = fc.oneof(
  mixedText(40),
  syntax,
  fc.tuple(mixedText(8), syntax).map(both => both.join(' ')),
)

describe('the text of a search', () => {
  const t = useContext()
  let lexicon: Lexicon
  let listingId: string
  let categoryId: string

  before(async () => {
    lexicon = createLexicon(await t.services.catalogue.reference())
    const listing = await t.accounts.listing({ brand: '', partNumber: '-' })
    ;({ id: listingId, categoryId } = listing)
  })

  /** The search as the database reads it, and whether it finds the listing once that has this title. */
  async function askFor(text: string, title = text): Promise<{ asked: string; found: boolean }> {
    const { words, keys } = compile(readQuery(text, lexicon))
    const { rows } = await t.owner.raw(
      `update listings set title_ar = ?, title_en = '-', keys = ? where id = ?
       returning compile_search(?, ?)::text as asked, search @@ compile_search(?, ?) as found`,
      // as the service writes it: with the keys of what the title speaks of
      [title, keysOf([], [], lexicon.conceptsOf(title), categoryId), listingId, words, keys, words, keys],
    )
    return rows[0]
  }

  /**
   * The exception is a text of which the database's parser keeps nothing: punctuation, or words that are only
   * English stop words. It asks for nothing at all.
   */
  it('is always one the database takes, and finds a listing of just that title', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        const { asked, found } = await askFor(text, text === '' ? '-' : text)
        expect(found || asked === '', asked).to.equal(true)
      }),
      { numRuns: 800 },
    )
  })

  for (const text of [
    `17" O'Ring`,
    'A&B | C! (D) <-> E:* F:A',
    '2012~2015 100%_x \\ \\\\',
    "'); drop table listings; --",
    'c:brakes s8:0 n:1 *b',
    'http://قطع.example/صفحة?رقم=5&x  a@b.sa',
    '"فحمات"، «أمامية»؛ (2015)؟',
  ]) {
    it(`finds ${text}, as it is and nothing by a piece of its syntax`, async () => {
      await askFor('', text)
      const found = async (q: string) => {
        const answer = await t.get(`/api/v1/listings?${new URLSearchParams({ q })}`)
        expect(answer.status, answer.text).to.equal(200)
        return answer.body.items.map((item: { id: string }) => item.id)
      }
      expect(await found(text)).to.deep.equal([listingId])
      expect(await found(`${text} | brembo`)).to.be.empty
      expect(await found(`!${text} brembo`)).to.be.empty
      expect(await found('*')).to.be.empty
    })
  }

  for (const [what, q, status] of [
    ['a NUL', 'a%00b', 400],
    ['half a surrogate pair', '%ED%A0%80', 400],
    ['bytes that are no UTF-8', '%FF', 400],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const answer = await t.get(`/api/v1/listings?q=${q}`)
      expect(answer.status, answer.text).to.equal(status)
    })
  }

  it('takes a hundred characters, of any length in bytes', async () => {
    for (const q of ['x'.repeat(100), 'ف'.repeat(100), 'ف 1-'.repeat(25), '🚗'.repeat(50), "'".repeat(100)]) {
      const answer = await t.get(`/api/v1/listings?${new URLSearchParams({ q })}`)
      expect(answer.status, answer.text).to.equal(200)
      expect(answer.body.items).to.be.empty
    }
  })

  it('looks at the first hundred characters of more, and never at half a one', async () => {
    const id = (await t.accounts.listing({ brand: 'Brembo', titleEn: 'Brembo calipers' })).id
    const asked = async (q: string) => {
      const answer = await t.get(`/api/v1/listings?${new URLSearchParams({ q })}`)
      expect(answer.status, answer.text).to.equal(200)
      return answer.body.items.map((item: { id: string }) => item.id)
    }
    expect(await asked(`${'brembo'.padEnd(99)}nothing-of-the-kind`)).to.be.empty
    expect(await asked(`${'brembo'.padEnd(100)}nothing-of-the-kind`)).to.deep.equal([id])
    expect(await asked(`brembo ${'🚗'.repeat(200)}`)).to.deep.equal([id])
  })
})
