import { expect } from 'chai'
import fc from 'fast-check'
import { qrText } from '../../api/modules/invoices/zatca/signing/qr-code.js'
import { AppError } from '../../api/platform/errors.js'
import { halalas, toSar } from '../../api/platform/money.js'
import { decodeTlv } from '../support/tlv.js'

const FIELDS = {
  sellerName: 'شركة قطع الاختبار المحدودة',
  vatNumber: '300000000000003',
  issuedAt: '2026-03-01T14:05:09',
  total: '115.00',
  vat: '15.00',
}

describe("an invoice's QR code", () => {
  it('reads back as seller, VAT number, time, total and VAT, with two decimals', () => {
    expect(decodeTlv(qrText(FIELDS))).to.deep.equal([
      [1, 'شركة قطع الاختبار المحدودة'],
      [2, '300000000000003'],
      [3, '2026-03-01T14:05:09'],
      [4, '115.00'],
      [5, '15.00'],
    ])
  })

  it('holds a name of 127 Arabic letters: 254 bytes', () => {
    const sellerName = 'ق'.repeat(127)
    expect(decodeTlv(qrText({ ...FIELDS, sellerName }))[0]).to.deep.equal([1, sellerName])
    expect(decodeTlv(qrText({ ...FIELDS, sellerName: `${sellerName}x` }))[0]?.[1]).to.have.length(128)
  })

  it('refuses what one byte of length cannot tell, instead of cutting it', () => {
    for (const sellerName of ['ق'.repeat(128), 'x'.repeat(256), 'ق'.repeat(150)])
      expect(() => qrText({ ...FIELDS, sellerName }))
        .to.throw(AppError, 'cannot hold the seller name')
        .with.property('code', 'invoices.qr_value_too_long')
  })

  it('reads back whatever it holds', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 60 }).filter(text => Buffer.byteLength(text) <= 255)
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), (sellerName, total, vat) => {
        const totals = { total: toSar(halalas(total)), vat: toSar(halalas(vat)) }
        const read = decodeTlv(qrText({ ...FIELDS, ...totals, sellerName }))
        expect(read.map(([tag]) => tag)).to.deep.equal([1, 2, 3, 4, 5])
        expect(read[0]?.[1]).to.equal(sellerName)
        expect(read[3]?.[1]).to.match(/^\d+\.\d\d$/)
      }),
    )
  })
})
