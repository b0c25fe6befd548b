import { expect } from 'chai'
import fc from 'fast-check'
import { halalas, toSar } from '../../api/platform/money.js'
import { isPrice, MOST_PRICE, readPrice } from '../../api/platform/saudi/price.js'

describe('a price as it is written', () => {
  const arabic = (text: string) =>
    text
      .replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
      .replace('.', '٫')
      .replaceAll(',', '٬')
  const inThrees = (text: string) => text.replace(/\d(?=(\d{3})+\.)/g, '$&,')

  it('is exact to the halala, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MOST_PRICE }), amount => {
        const text = toSar(halalas(amount))
        for (const written of [text, inThrees(text), arabic(text), arabic(inThrees(text))])
          expect(readPrice(written), written).to.deep.equal({ value: amount })
      }),
    )
  })

  it('with a third decimal is refused, never rounded', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999_999 }), fc.nat({ max: 999 }), (riyals, decimals) => {
        const text = `${riyals}.${String(decimals).padStart(3, '0')}`
        for (const written of [text, arabic(text)])
          expect(readPrice(written)).to.deep.equal({ problem: 'price.decimals' })
      }),
    )
  })

  for (const [text, problem] of [
    ['0', 'price.range'],
    ['0.00', 'price.range'],
    ['-1', 'price.range'],
    ['0.004', 'price.decimals'],
    ['1.005', 'price.decimals'],
    ['8.575', 'price.decimals'],
    ['10000000', 'price.range'],
    ['1,5', 'price.shape'],
    ['1e3', 'price.shape'],
    ['NaN', 'price.shape'],
    ['', 'price.shape'],
  ] as const)
    it(`is not ${text || 'nothing'}`, () => expect(readPrice(text)).to.deep.equal({ problem }))

  it('ends at 9,999,999.99', () => {
    expect(readPrice('9,999,999.99')).to.deep.equal({ value: 999_999_999 })
    expect(isPrice(0)).to.equal(false)
    expect(isPrice(1_000_000_000)).to.equal(false)
  })
})
