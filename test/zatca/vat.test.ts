import { expect } from 'chai'
import fc from 'fast-check'
import { vatInside, vatOnTop } from '../../api/modules/invoices/zatca/calculate.js'
import { decimal, multiply, ofWhole, toHalalas, toText } from '../../api/modules/invoices/zatca/decimal.js'
import { fromShelfPrices, unitPriceOf } from '../../api/modules/invoices/zatca/shelf-prices.js'
import { totalsOf } from '../../api/modules/invoices/zatca/totals.js'
import { AppError } from '../../api/platform/errors.js'
import { type Halalas, halalas, portion, sum, toSar } from '../../api/platform/money.js'
import { shelfCarts } from './carts.js'
import { aDocument, aTaxInvoice, line } from './documents.js'

const STANDARD = 1500

/** Whole halalas of whole halalas: (n × 15 + 50) / 100, rounded down. Another way than the code's. */
const exactVat = (net: number): number => Number((BigInt(net) * 15n + 50n) / 100n)

describe('VAT on top of an amount', () => {
  // in floats, each of these is a halala wrong
  const known: [net: string, vat: string, total: string][] = [
    ['0.50', '0.08', '0.58'],
    ['1.50', '0.23', '1.73'],
    ['1.90', '0.29', '2.19'],
    ['2.30', '0.35', '2.65'],
    ['3.30', '0.50', '3.80'],
    ['4.10', '0.62', '4.72'],
    ['4.30', '0.65', '4.95'],
  ]
  for (const [net, vat, total] of known) {
    it(`of ${net} is ${vat}, ${total} in all`, () => {
      const calculated = vatOnTop(halalas(Math.round(Number(net) * 100)), STANDARD)
      expect([toSar(calculated.vat), toSar(calculated.total)]).to.deep.equal([vat, total])
    })
  }

  it('is exact for every amount up to 200.00, where floats miss 241 of them', () => {
    let missed = 0
    for (let net = 1; net <= 20_000; net++) {
      const { vat, total } = vatOnTop(halalas(net), STANDARD)
      if (vat !== exactVat(net)) throw new Error(`${net}: ${vat}`)
      if (total !== net + vat) throw new Error(`${net}: ${total}`)
      if (Math.round((net / 100) * 0.15 * 100) !== vat) missed += 1
    }
    expect(missed).to.equal(241)
  })
})

describe('VAT inside an amount', () => {
  it('adds up with net and rounding, for any amount and rate', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(1500, 500, 0), (amount, rate) => {
        const { net, vat, rounding, total } = vatInside(halalas(amount), rate)
        expect(BigInt(net) + BigInt(vat) + BigInt(rounding)).to.equal(BigInt(amount))
        expect(total).to.equal(amount)
        expect(vat).to.equal(portion(net, rate))
        expect(Math.abs(rounding)).to.be.at.most(1)
      }),
    )
  })

  it('of 0.50 is 0.06, with a halala of rounding', () => {
    expect(vatInside(halalas(50), STANDARD)).to.deep.equal({
      rate: 1500,
      net: 43,
      vat: 6,
      rounding: 1,
      total: 50,
    })
  })
})

describe('an amount that is none', () => {
  for (const amount of [-1, Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 53]) {
    it(`${amount} is refused`, () => {
      for (const calculate of [vatOnTop, vatInside])
        expect(() => calculate(amount as Halalas, STANDARD))
          .to.throw(AppError)
          .with.property('code', 'vat.bad_amount')
    })
  }
})

describe('the totals of a document', () => {
  it('take VAT of the sum of a rate, not the sum of rounded VATs', () => {
    const lines = Array.from({ length: 3 }, () => line({ unitPrice: decimal('33.33') }))
    const totals = totalsOf(aTaxInvoice({ lines }))
    expect(totals.lines.map(each => each.vat)).to.deep.equal([500, 500, 500])
    expect(totals).to.include({ net: 9_999, vat: 1_500, gross: 11_499 })
    const cents = Array.from({ length: 3 }, () => line({ unitPrice: decimal('1.50') }))
    expect(totalsOf(aTaxInvoice({ lines: cents }))).to.include({ net: 450, vat: 68 })
    expect(sum(totalsOf(aTaxInvoice({ lines: cents })).lines.map(each => each.vat))).to.equal(69)
  })

  it('hold one sum for each category and rate', () => {
    const medical = { exemption: 'VATEX-SA-35' } as const
    const lines = [
      line(),
      line(),
      line({ vat: { rate: 500 } }),
      line({ vat: medical }),
      line({ vat: medical }),
    ]
    const { subtotals } = totalsOf(aTaxInvoice({ lines }))
    expect(subtotals.map(({ category, rate, taxable, vat }) => [category, rate, taxable, vat])).to.deep.equal(
      [
        ['S', 1500, 20_000, 3_000],
        ['S', 500, 10_000, 500],
        ['Z', 0, 20_000, 0],
      ],
    )
  })

  it('refuse two reasons in one category, which a breakdown cannot tell', () => {
    const lines = [line({ vat: { exemption: 'VATEX-SA-35' } }), line({ vat: { exemption: 'VATEX-SA-32' } })]
    expect(() => totalsOf(aTaxInvoice({ lines })))
      .to.throw(AppError)
      .with.property('code', 'invoices.two_reasons')
  })

  it('take allowances off and put charges on, in their category', () => {
    const vat = { rate: STANDARD }
    const totals = totalsOf(
      aTaxInvoice({
        lines: [
          line({ quantity: ofWhole(3), allowances: [{ reason: 'x', percent: 1000, of: halalas(30_000) }] }),
        ],
        allowances: [{ reason: 'x', amount: halalas(1_001), vat }],
        charges: [{ reason: 'x', code: 'FC', amount: halalas(2_500), vat }],
      }),
    )
    expect(totals).to.include({ lineNet: 27_000, allowances: 1_001, charges: 2_500, net: 28_499, vat: 4_275 })
    expect(totals.payable).to.equal(32_774)
  })

  it('count advances, and tell VAT in riyals where the document is in dollars', () => {
    const totals = totalsOf(
      aTaxInvoice({
        currency: { code: 'USD', sarPerUnit: decimal('3.7502') },
        advances: [
          {
            name: 'Advance',
            number: 'A-1',
            issuedAt: '2026-02-01T10:00:00',
            taxable: halalas(4_000),
            vatAmount: halalas(600),
            vat: { rate: STANDARD },
          },
        ],
      }),
    )
    expect(totals).to.include({ gross: 11_500, prepaid: 4_600, payable: 6_900, vat: 1_500, vatSar: 5_625 })
  })
})

describe('shelf prices', () => {
  it('come out exactly, whatever the cart', () => {
    fc.assert(
      fc.property(shelfCarts, cart => {
        const { lines, allowances, charges, rounding } = fromShelfPrices(cart)
        const totals = totalsOf(aDocument({ lines, allowances, charges, rounding }))
        const paid = [...cart.lines, ...(cart.charges ?? [])].reduce((all, each) => all + each.paid, 0)
        const off = (cart.allowances ?? []).reduce((all, each) => all + each.paid, 0)
        expect(totals.payable).to.equal(paid - off)
        expect(Math.abs(rounding)).to.be.at.most(totals.subtotals.length)
        for (const { taxable, vat, rate } of totals.subtotals) expect(vat).to.equal(portion(taxable, rate))
      }),
      { numRuns: 1_000 },
    )
  })

  it('give a unit price of as few decimals as tell the net', () => {
    const price = (net: number, quantity: string) => toText(unitPriceOf(halalas(net), decimal(quantity)))
    expect(price(11_500, '1')).to.equal('115.00')
    expect(price(1_000, '3')).to.equal('3.333')
    expect(price(1, '1000')).to.equal('0.00001')
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.integer({ min: 1, max: 10_000 }), (net, quantity) => {
        const found = unitPriceOf(halalas(net), ofWhole(quantity))
        expect(toHalalas(multiply(found, ofWhole(quantity)))).to.equal(net)
      }),
    )
  })
})
