import { expect } from 'chai'
import fc from 'fast-check'
import { amountText, groupedAmount, minorUnits } from '../../api/sandbox/tap/amount.js'

/** The number a client sends for so many minor units, read from text as JSON is. */
function sent(units: number, digits: number): { amount: number; text: string } {
  const padded = String(units).padStart(digits + 1, '0')
  const text = `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
  return { amount: JSON.parse(text), text }
}

describe('sandbox: amounts', () => {
  const units = fc.integer({ min: 0, max: 10 ** 15 - 1 })

  it('writes every whole number of halalas with two decimals', () => {
    fc.assert(
      fc.property(units, count => {
        const { amount, text } = sent(count, 2)
        expect(amountText(amount, 'SAR')).to.equal(text)
        expect(minorUnits(amount, 'SAR')).to.equal(BigInt(count))
      }),
    )
  })

  it('writes every whole number of fils with three decimals', () => {
    fc.assert(
      fc.property(units, fc.constantFrom('KWD', 'BHD', 'OMR', 'JOD'), (count, currency) => {
        const { amount, text } = sent(count, 3)
        expect(amountText(amount, currency)).to.equal(text)
      }),
    )
  })

  it('never throws and never rounds, whatever the number', () => {
    fc.assert(
      fc.property(fc.double(), number => {
        const found = minorUnits(number, 'SAR')
        if (found !== undefined) expect(Number(amountText(number, 'SAR'))).to.equal(number)
      }),
    )
  })

  it('refuses a third decimal, exponents, negatives and what is too large to be exact', () => {
    for (const amount of [1.005, 0.001, 1e-7, 1e21, -1, Number.NaN, Number.POSITIVE_INFINITY, 10 ** 13]) {
      expect(minorUnits(amount, 'SAR'), String(amount)).to.equal(undefined)
    }
    expect(minorUnits(1, 'XYZ')).to.equal(undefined)
  })

  it('takes the sums that floats get wrong as what they are', () => {
    expect(minorUnits(0.1 + 0.2, 'SAR')).to.equal(undefined)
    expect(minorUnits(19.99, 'SAR')).to.equal(1999n)
  })

  it('sets thousands apart for people', () => {
    expect(groupedAmount(1234567.5, 'SAR')).to.equal('1,234,567.50')
    expect(groupedAmount(999, 'KWD')).to.equal('999.000')
  })
})
