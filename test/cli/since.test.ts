import { expect } from 'chai'
import fc from 'fast-check'
import { AppError } from '../../api/platform/errors.js'
import { instantOf } from '../../cli/since.js'

const NOW = new Date('2026-03-01T12:00:00Z')

describe('a time as an operator types it', () => {
  for (const [text, instant] of [
    ['30m', '2026-03-01T11:30:00.000Z'],
    ['24h', '2026-02-28T12:00:00.000Z'],
    ['7d', '2026-02-22T12:00:00.000Z'],
    ['٢٤h', '2026-02-28T12:00:00.000Z'],
    ['٢٠٢٦-٠٣-٠١', '2026-02-28T21:00:00.000Z'],
    ['0d', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01', '2026-02-28T21:00:00.000Z'],
    ['2024-02-29', '2024-02-28T21:00:00.000Z'],
    ['2026-01-01', '2025-12-31T21:00:00.000Z'],
    ['2026-03-01T09:00+03:00', '2026-03-01T06:00:00.000Z'],
    ['2026-03-01T09:00:30Z', '2026-03-01T09:00:30.000Z'],
    ['2026-03-01T09:00:30.250Z', '2026-03-01T09:00:30.250Z'],
  ] as const) {
    it(`${text} is ${instant}`, () => {
      expect(instantOf(text, NOW).toISOString()).to.equal(instant)
    })
  }

  for (const text of [
    '',
    'yesterday',
    '7',
    '7w',
    '-7d',
    '1.5h',
    '123456d',
    '2026-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '26-03-01',
    '2026-3-1',
    '2026-03-01T09:00',
    '2026-02-30T09:00Z',
    '2026-03-01T25:00Z',
    '2026-03-01 09:00Z',
    ' 7d',
    '7d\n',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => {
      expect(() => instantOf(text, NOW))
        .to.throw(AppError)
        .that.includes({ kind: 'invalid', code: 'cli.bad_time' })
    })
  }

  it('reads back every day of the calendar, at midnight in Riyadh', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, at => {
        const text = at.toISOString().slice(0, 10)
        expect(instantOf(text).getTime()).to.equal(Date.parse(`${text}T00:00:00Z`) - 3 * 3_600_000)
      }),
    )
  })

  it('either gives an instant or refuses as an input error, whatever is typed', () => {
    const typed = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      fc.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/),
      fc.stringMatching(/^\d{1,6}[mhdw]$/),
    )
    fc.assert(
      fc.property(typed, text => {
        try {
          expect(instantOf(text, NOW).getTime()).to.satisfy(Number.isFinite)
        } catch (error) {
          expect(error).to.be.instanceOf(AppError).that.includes({ kind: 'invalid' })
        }
      }),
    )
  })
})
