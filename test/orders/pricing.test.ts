import { expect } from 'chai'
import fc from 'fast-check'
import { type Priced, priceOrder } from '../../api/modules/orders/pricing.js'
import { halalas, portion, sum, VAT_STANDARD } from '../../api/platform/money.js'

const aLine = fc.record({
  unitPriceHalalas: fc.integer({ min: 1, max: 999_999_999 }).map(halalas),
  quantity: fc.integer({ min: 1, max: 1000 }),
})
const aCart = fc.array(aLine, { minLength: 1, maxLength: 50 })

/** What a tax authority checks on the document. */
function assertAddsUp(priced: Priced, rate: number): void {
  const { netHalalas, vatHalalas, roundingHalalas, totalHalalas, lines } = priced
  const holds =
    netHalalas + vatHalalas + roundingHalalas === totalHalalas &&
    Math.abs(roundingHalalas) <= 1 &&
    vatHalalas === portion(netHalalas, rate) &&
    sum(lines.map(line => line.netHalalas)) === netHalalas &&
    sum(lines.map(line => line.totalHalalas)) === totalHalalas &&
    lines.every(line => line.netHalalas >= 0 && line.netHalalas <= line.totalHalalas)
  // a deep message only where it is needed: this runs hundreds of thousands of times
  if (!holds) throw new Error(`does not add up at ${rate}: ${JSON.stringify(priced)}`)
}

const priceOne = (amount: number, rate: number = VAT_STANDARD) =>
  priceOrder([{ unitPriceHalalas: halalas(amount), quantity: 1 }], rate)

describe('the price of an order', () => {
  it('adds up for every amount from one halala to 2,000 riyals', () => {
    for (let amount = 1; amount <= 200_000; amount++) assertAddsUp(priceOne(amount), VAT_STANDARD)
  })

  it('adds up for any cart, at any rate', () => {
    fc.assert(
      fc.property(aCart, fc.constantFrom(0, 500, 1500, 10_000), (cart, rate) => {
        assertAddsUp(priceOrder(cart, rate), rate)
      }),
    )
  })

  it('holds no VAT where the seller charges none', () => {
    fc.assert(
      fc.property(aCart, cart => {
        const { netHalalas, vatHalalas, roundingHalalas, totalHalalas } = priceOrder(cart, 0)
        expect([vatHalalas, roundingHalalas]).to.deep.equal([0, 0])
        expect(netHalalas).to.equal(totalHalalas)
      }),
    )
  })

  const cases: [gross: number, net: number, vat: number, rounding: number][] = [
    [50, 43, 6, 1],
    [150, 130, 20, 0],
    [190, 165, 25, 0],
    [230, 200, 30, 0],
    [330, 287, 43, 0],
    [410, 357, 54, -1],
    [430, 374, 56, 0],
    [11_500, 10_000, 1_500, 0],
  ]
  for (const [gross, net, vat, rounding] of cases) {
    it(`splits ${gross} halalas into ${net} net, ${vat} VAT and ${rounding} rounding`, () => {
      const priced = priceOne(gross)
      expect(priced).to.include({
        totalHalalas: gross,
        netHalalas: net,
        vatHalalas: vat,
        roundingHalalas: rounding,
      })
    })
  }

  it('takes VAT on the sum of the lines, not line by line', () => {
    const lines = Array.from({ length: 3 }, () => ({ unitPriceHalalas: halalas(50), quantity: 1 }))
    // 0.50 three times: a VAT of 0.06 a line would make 0.18
    expect(priceOrder(lines, VAT_STANDARD)).to.include({
      netHalalas: 130,
      vatHalalas: 20,
      roundingHalalas: 0,
    })
  })
})
