import { expect } from 'chai'
import fc from 'fast-check'
import { readXml, textOf } from '../../api/modules/invoices/zatca/rules/xml-tree.js'
import { FIRST_PREVIOUS_HASH, writeDocument } from '../../api/modules/invoices/zatca/sealing.js'
import { totalsOf } from '../../api/modules/invoices/zatca/totals.js'
import { transactionCode } from '../../api/modules/invoices/zatca/type-codes.js'
import { attribute, cac, cbc, writable } from '../../api/modules/invoices/zatca/ubl/element.js'
import { aDocument, aTaxInvoice, BUYER, line, QR, xmlOf } from './documents.js'
import { parsedHash } from './parsed-hash.js'
import { SHAPES } from './shapes.js'

describe('a written document', () => {
  for (const [name, document] of Object.entries(SHAPES)) {
    it(`has the hash a parser and C14N 1.1 find: ${name}`, () => {
      const written = writeDocument(document, totalsOf(document))
      for (const signature of [
        '',
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>',
      ])
        expect(parsedHash(written.seal({ signature, qr: QR }))).to.equal(written.hash)
    })
  }

  it('says whatever people write, and keeps its hash', () => {
    const texts = fc
      .string({ unit: 'binary', minLength: 3, maxLength: 40 })
      .map(text => `م ${writable(text)} &<>"'\r`)
    fc.assert(
      fc.property(texts, text => {
        const document = aTaxInvoice({
          buyer: { ...BUYER, name: text },
          lines: [line({ name: text, unit: text })],
        })
        const written = writeDocument(document, totalsOf(document))
        const xml = written.seal({ signature: '', qr: QR })
        expect(parsedHash(xml)).to.equal(written.hash)
        const tree = readXml(xml)
        expect(tree.named('cbc:Name').map(textOf)).to.deep.equal([text])
        expect(tree.named('cbc:InvoicedQuantity')[0]?.attributes.unitCode).to.equal(text)
      }),
    )
  })

  it('refuses what XML cannot hold', () => {
    for (const text of ['\u0000', '\u0008', '\ufffe', '\ud800', 'a\udc00b']) {
      expect(() => cbc('ID', text), JSON.stringify(text)).to.throw(RangeError)
      expect(() => attribute('name', text)).to.throw(RangeError)
      expect(writable(text)).to.match(/\ufffd/)
    }
    expect(writable('🚗 قطع')).to.equal('🚗 قطع')
  })

  it('leaves out what is not there', () => {
    expect(cbc('ID', undefined)).to.equal('')
    expect(cac('Delivery', cbc('ActualDeliveryDate', undefined), undefined, '')).to.equal('')
  })

  it('names nobody where no buyer is known, and still has the element', () => {
    expect(xmlOf(aDocument())).to.include('<cac:AccountingCustomerParty></cac:AccountingCustomerParty>')
  })

  it('begins its chain with the hash the standard gives', () => {
    expect(FIRST_PREVIOUS_HASH).to.equal(
      'NWZlY2ViNjZmZmM4NmYzOGQ5NTI3ODZjNmQ2OTZjNzljMmRiYzIzOWRkNGU5MWI0NjcyOWQ3M2EyN2ZiNTdlOQ==',
    )
  })
})

describe('the transaction code', () => {
  it('has a digit for each flag, and two more only for those that came later', () => {
    expect(transactionCode({ form: 'SIMPLIFIED' })).to.equal('0200000')
    expect(transactionCode({ form: 'TAX', flags: { thirdParty: true } })).to.equal('0110000')
    expect(transactionCode({ form: 'TAX', flags: { export: true, summary: true } })).to.equal('0100110')
    expect(transactionCode({ form: 'TAX', flags: { selfBilled: true } })).to.equal('0100001')
    expect(transactionCode({ form: 'TAX', flags: { government: true } })).to.equal('010000001')
  })
})
