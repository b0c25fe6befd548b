import { expect } from 'chai'
import fc from 'fast-check'
import {
  allocate,
  fromSar,
  type Halalas,
  halalas,
  minus,
  netOfInclusive,
  portion,
  readSar,
  sum,
  times,
  toSar,
} from '../../api/platform/money.js'

const LARGEST = 10 ** 13
const anAmount = fc.integer({ min: -LARGEST, max: LARGEST }).map(halalas)
const aGross = fc.integer({ min: 0, max: LARGEST }).map(halalas)
const aRate = fc.integer({ min: 0, max: 10_000 })

/** Whether `result` is `numerator / denominator` rounded half away from zero, told without dividing. */
function isRounded(result: number, numerator: bigint, denominator: bigint): boolean {
  const size = (value: bigint) => (value < 0n ? -value : value)
  const over = 2n * size(BigInt(result)) * denominator - 2n * size(numerator)
  const isNearest = -denominator < over && over <= denominator // a tie goes up, away from zero
  return isNearest && (result === 0 || result < 0 === numerator < 0n)
}

describe('money', () => {
  it('is a whole number that a double holds exactly, or an error', () => {
    for (const wrong of [0.5, 1.005, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 53n])
      expect(() => halalas(wrong), String(wrong)).to.throw(RangeError)
    expect(halalas(2n ** 53n - 1n)).to.equal(Number.MAX_SAFE_INTEGER)
    expect(() => sum([halalas(Number.MAX_SAFE_INTEGER), halalas(1)])).to.throw(RangeError)
    expect(() => times(halalas(Number.MAX_SAFE_INTEGER), 2)).to.throw(RangeError)
    expect(() => times(halalas(100), 1.5)).to.throw(RangeError)
    expect(() => minus(halalas(-Number.MAX_SAFE_INTEGER), halalas(1))).to.throw(RangeError)
  })

  describe('portion', () => {
    it('is the exact share, rounded half away from zero', () => {
      fc.assert(
        fc.property(anAmount, aRate, (amount, rate) =>
          isRounded(portion(amount, rate), BigInt(amount) * BigInt(rate), 10_000n),
        ),
      )
    })

    it('treats debits like credits', () => {
      fc.assert(
        fc.property(
          anAmount,
          aRate,
          (amount, rate) => portion(halalas(-amount), rate) + portion(amount, rate) === 0,
        ),
      )
    })

    // where 15 % in floating point is a halala short
    const vatOf = { '0.50': 8, '1.50': 23, '1.90': 29, '2.30': 35, '3.30': 50, '4.10': 62, '4.30': 65 }
    for (const [net, vat] of Object.entries(vatOf)) {
      it(`is ${vat} halalas for 15 % of ${net}`, () => {
        expect(portion(fromSar(net) as Halalas, 1500)).to.equal(vat)
      })
    }

    it('takes no broken rate', () => {
      expect(() => portion(halalas(100), 0.15)).to.throw(RangeError)
    })
  })

  describe('netOfInclusive', () => {
    it('is the exact net, rounded half away from zero', () => {
      fc.assert(
        fc.property(anAmount, aRate, (gross, rate) =>
          isRounded(netOfInclusive(gross, rate), BigInt(gross) * 10_000n, 10_000n + BigInt(rate)),
        ),
      )
    })

    it('is the whole amount where there is no tax', () => {
      fc.assert(fc.property(anAmount, gross => netOfInclusive(gross, 0) === gross))
    })
  })

  describe('allocate', () => {
    const weights = fc
      .array(aGross, { minLength: 1, maxLength: 50 })
      .filter(parts => parts.some(part => part > 0))

    it('gives away exactly the total, each part within a halala of its exact share', () => {
      fc.assert(
        fc.property(aGross, weights, (total, parts) => {
          const whole = parts.reduce((all, part) => all + BigInt(part), 0n)
          const given = allocate(total, parts)
          expect(sum(given)).to.equal(total)
          given.forEach((part, index) => {
            const off = BigInt(part) * whole - BigInt(total) * BigInt(parts[index] as number)
            expect(off > -whole && off < whole, `part ${index}`).to.equal(true)
          })
        }),
      )
    })

    it('gives nothing to a weight of nothing', () => {
      expect(allocate(halalas(7), [0, 3, 0].map(halalas))).to.deep.equal([0, 7, 0])
    })

    it('lets the earlier of two equals have the odd halala', () => {
      expect(allocate(halalas(100), [1, 1, 1].map(halalas))).to.deep.equal([34, 33, 33])
    })

    it('never gives a line more than it weighs when there is less to give than the lines weigh', () => {
      fc.assert(
        fc.property(weights, aRate, (parts, rate) => {
          const net = netOfInclusive(sum(parts), rate)
          expect(allocate(net, parts).every((part, index) => part <= (parts[index] as number))).to.equal(true)
        }),
      )
    })

    it('refuses what cannot be given fairly', () => {
      expect(() => allocate(halalas(1), [])).to.throw(RangeError)
      expect(() => allocate(halalas(1), [halalas(0)])).to.throw(RangeError)
      expect(() => allocate(halalas(-1), [halalas(1)])).to.throw(RangeError)
      expect(() => allocate(halalas(1), [halalas(2), halalas(-1)])).to.throw(RangeError)
      expect(allocate(halalas(0), [])).to.deep.equal([])
    })
  })

  describe('as text', () => {
    it('comes back from its decimals unchanged', () => {
      fc.assert(fc.property(anAmount, amount => fromSar(toSar(amount)) === amount))
    })

    it('always has two decimals', () => {
      fc.assert(fc.property(anAmount, amount => /^-?\d+\.\d\d$/.test(toSar(amount))))
      const written = [0, 1, 10, 99, 100, 11_500, -1, -100].map(amount => toSar(halalas(amount)))
      expect(written).to.deep.equal(['0.00', '0.01', '0.10', '0.99', '1.00', '115.00', '-0.01', '-1.00'])
    })

    it('is read with none, one or two decimals', () => {
      const read = ['115', '115.5', '115.50', '1.005', '19.99', '0.1', '-0.01'].map(fromSar)
      expect(read).to.deep.equal([11_500, 11_550, 11_550, undefined, 1_999, 10, -1])
    })

    for (const text of [
      '',
      '.',
      '1.',
      '.5',
      '1,5',
      ' 1',
      '1 ',
      '+1',
      '1e3',
      '0x10',
      'NaN',
      '١٫٥',
      '1.2.3',
      '--1',
    ])
      it(`does not read ${JSON.stringify(text)}`, () => expect(fromSar(text)).to.equal(undefined))
  })

  describe('as people write it', () => {
    const written: Record<string, number> = {
      '115': 11_500,
      '115.50': 11_550,
      ' 115.5 ': 11_550,
      '١١٥٫٥٠': 11_550,
      '۱۱۵٫۵': 11_550,
      '١١٥.٥٠': 11_550,
      '1,150.00': 115_000,
      '1,234,567.89': 123_456_789,
      '١٬١٥٠٫٥٠': 115_050,
      '0.01': 1,
      '-1,000': -100_000,
    }
    for (const [text, amount] of Object.entries(written))
      it(`reads ${text}`, () => expect(readSar(text)).to.equal(amount))

    const arabic = (text: string) =>
      text
        .replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
        .replaceAll(',', '٬')
        .replaceAll('.', '٫')
    const inThrees = (text: string) => text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')

    it('is read exactly, whoever wrote it', () => {
      fc.assert(
        fc.property(anAmount, amount => {
          const plain = toSar(amount)
          for (const text of [plain, inThrees(plain), arabic(plain), arabic(inThrees(plain))])
            expect(readSar(text), text).to.equal(amount)
        }),
      )
    })

    it('is never a guess: what it reads is what the digits say', () => {
      const text = fc.string({ unit: fc.constantFrom(...'0123456789.,-٫٬٥ e+'), maxLength: 12 })
      fc.assert(
        fc.property(text, given => {
          const read = readSar(given)
          if (read === undefined) return
          const plain = given.trim().replaceAll('٥', '5').replaceAll('٫', '.').replace(/[,٬]/g, '')
          expect(fromSar(plain), given).to.equal(read)
        }),
        { numRuns: 1_000 },
      )
    })

    for (const text of [
      '',
      '1,5',
      '1.150,00',
      '1,15,000',
      ',115',
      '115,',
      '1,150.000',
      '1 150',
      '115 SAR',
      '1e3',
      '1٫150٫5',
      '1.,5',
      '.5',
      '0,5.1',
    ])
      it(`does not read ${JSON.stringify(text)}`, () => expect(readSar(text)).to.equal(undefined))
  })
})
