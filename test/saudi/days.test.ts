import { expect } from 'chai'
import fc from 'fast-check'
import { westernDigits } from '../../api/platform/digits.js'
import { daysAfter, hijriOf, readDay } from '../../api/platform/saudi/hijri.js'

describe('a day of a document', () => {
  const day = fc.integer({ min: 0, max: 64_000 }).map(days => daysAfter('1900-05-01', days))
  const arabic = (text: string) => text.replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)

  it('comes back from the Hijri calendar as the day it was', () => {
    fc.assert(
      fc.property(day, day => {
        const hijri = hijriOf(day)
        const [year, month, date] = hijri.split('-').map(Number)
        for (const text of [
          hijri,
          arabic(hijri),
          `${date}/${month}/${year} هـ`,
          `${hijri.replaceAll('-', '/')}ه`,
        ])
          expect(readDay(text), text).to.deep.equal({ value: day })
        for (const text of [day, arabic(day)]) expect(readDay(text)).to.deep.equal({ value: day })
      }),
    )
  })

  it('follows Umm al-Qura: days that the Kingdom announced', () => {
    for (const [hijri, gregorian] of [
      ['1445-09-01', '2024-03-11'],
      ['1446-01-01', '2024-07-07'],
      ['1446-09-01', '2025-03-01'],
      ['1446-12-09', '2025-06-05'],
      ['1447-01-01', '2025-06-26'],
    ] as const) {
      expect(readDay(hijri)).to.deep.equal({ value: gregorian })
      expect(hijriOf(gregorian)).to.equal(hijri)
    }
  })

  it('has at most thirty days a Hijri month, and in some twenty-nine', () => {
    const months = Array.from({ length: 12 }, (_, at) => `1447-${String(at + 1).padStart(2, '0')}`)
    const lasts = months.map(month => (readDay(`${month}-30`).value ? 30 : 29))
    expect(lasts.reduce((sum, days) => sum + days, 0)).to.be.oneOf([354, 355])
    for (const month of months) expect(readDay(`${month}-31`)).to.deep.equal({ problem: 'day.none' })
  })

  it('never reads nonsense, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789-/. ٤هـ') }), text => {
        const { value } = readDay(text)
        if (value !== undefined) expect(westernDigits(text)).to.match(/\d+([-/.])\s*\d+\s*\1\s*\d+/)
      }),
    )
    for (const [text, problem] of [
      ['2026-02-30', 'day.none'],
      ['1447-13-01', 'day.none'],
      ['1700-01-01', 'day.range'],
      ['2026-03', 'day.shape'],
      ['2026/03-01', 'day.shape'],
      ['01-03-26', 'day.shape'],
      ['', 'day.shape'],
    ] as const)
      expect(readDay(text), text).to.deep.equal({ problem })
  })
})
