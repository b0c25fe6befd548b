import { expect } from 'chai'
import fc from 'fast-check'
import { MOST_SEARCHED, searchText } from '../../api/platform/saudi/search-text.js'
import { hasArabic, readArabicText, readFreeText, readLine } from '../../api/platform/saudi/text.js'

describe('names and free text', () => {
  it('refuse control characters and what turns the direction around, wherever they stand', () => {
    const bad = fc.constantFrom(
      '\u0000',
      '\u0007',
      '\u001b',
      '\u0085',
      '\u202e',
      '\u2066',
      '\u200f',
      '\u061c',
      '\ud800',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), bad, fc.string(), (before, char, after) => {
        // at an edge the blank of U+0085 is trimmed away as any blank is
        const text = `x${before}${char}${after}x`
        expect(readLine(text, 10_000)).to.deep.equal({ problem: 'text.control' })
        expect(readFreeText(text, 10_000)).to.deep.equal({ problem: 'text.control' })
      }),
    )
  })

  it('keep honest text as it was written: SQL words, markup, quotes, joined Persian letters', () => {
    for (const text of [
      'Drop-in 5*120 hub; OEM',
      'Select grade -- new',
      "' OR 1=1 OR '1'='1",
      '1 AND pg_sleep(10)',
      '<قطع> A < B & "C"',
      '17" O\'Ring',
      'می\u200cخواهم',
      '👨‍🔧 ورشة',
    ]) {
      expect(readLine(text, 200)).to.deep.equal({ value: text })
      expect(readFreeText(text, 200)).to.deep.equal({ value: text })
    }
  })

  it('a name is one line in which something can be read', () => {
    for (const text of ['', '  ', '\u200b', '\u200d\u200d', '\u3164', '\u0301'])
      expect(readLine(text, 9), JSON.stringify(text)).to.deep.equal({ problem: 'text.blank' })
    expect(readLine('a\nb', 9)).to.deep.equal({ problem: 'text.control' })
    expect(readLine('a\u2028b', 9)).to.deep.equal({ problem: 'text.control' })
    expect(readFreeText('a\nb', 9)).to.deep.equal({ value: 'a\nb' })
  })

  it('are counted in characters', () => {
    expect(readLine('🔧'.repeat(9), 9)).to.have.property('value')
    expect(readLine('🔧'.repeat(10), 9)).to.deep.equal({ problem: 'text.too_long' })
  })
})

describe('Arabic text', () => {
  it('holds an Arabic letter', () => {
    expect(readArabicText('plain latin only')).to.deep.equal({ problem: 'text.not_arabic' })
    expect(readArabicText('٠١٢ ،؛')).to.deep.equal({ problem: 'text.not_arabic' })
    expect(readArabicText('فلتر Bosch 0 986')).to.deep.equal({ value: 'فلتر Bosch 0 986' })
    expect(hasArabic('گ')).to.equal(true)
  })

  it('has 1 to 5,000 characters of its own', () => {
    expect(readArabicText('  ')).to.deep.equal({ problem: 'text.blank' })
    expect(readArabicText(`  ${'ق'.repeat(5_000)}  `)).to.have.property('value')
    expect(readArabicText('ق'.repeat(5_001))).to.deep.equal({ problem: 'text.too_long' })
  })
})

describe('what is searched for', () => {
  it('is never cut within a character, and keeps all of a hundred', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text => {
        const cut = searchText(text)
        expect(cut.isWellFormed()).to.equal(true)
        expect([...cut].length).to.be.at.most(MOST_SEARCHED)
        expect(cut).to.not.match(/\p{Cc}/u)
      }),
    )
    expect(searchText('ab👨‍🔧'.repeat(40))).to.match(/👨‍🔧$|ab$|a$/u)
    expect(searchText('🔧'.repeat(101))).to.equal('🔧'.repeat(100))
    expect([...searchText(`e${'\u0301'.repeat(5_000)}`)]).to.have.length(MOST_SEARCHED)
  })

  it('is otherwise what was typed', () => {
    expect(searchText(' 17" O\'Ring ')).to.equal('17" O\'Ring')
    expect(searchText('فحمات\u0000كامري')).to.equal('فحمات كامري')
  })
})
