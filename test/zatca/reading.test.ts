import { expect } from 'chai'
import { readXml, textOf } from '../../api/modules/invoices/zatca/rules/xml-tree.js'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { AppError } from '../../api/platform/errors.js'
import { aTaxInvoice, xmlOf } from './documents.js'
import { LATER } from './verdicts.js'

describe("reading somebody's document", () => {
  const refusal = (text: string): AppError => {
    try {
      findingsIn(text, LATER)
    } catch (error) {
      expect(error).to.be.instanceOf(AppError)
      return error as AppError
    }
    throw new Error('was read')
  }

  for (const [what, text] of Object.entries({
    nothing: '',
    'a text': 'invoice',
    'half a document': xmlOf(aTaxInvoice()).slice(0, 3_000),
    'two documents': '<a/><b/>',
    'an undeclared prefix': '<cbc:ID>1</cbc:ID>',
    'an undeclared entity': '<a>&lol;</a>',
    'entities of its own': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    'a file of this machine': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    'a pit of elements': `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`,
    'a flood of elements': `<a>${'<b/>'.repeat(250_000)}</a>`,
    'a NUL': '<a>\u0000</a>',
  })) {
    it(`refuses ${what}`, () => {
      expect(refusal(text)).to.include({ kind: 'malformed', code: 'invoices.not_xml' })
    })
  }

  it('refuses XML that is no invoice', () => {
    expect(refusal('<note/>')).to.include({ kind: 'invalid', code: 'invoices.not_an_invoice' })
  })

  it('goes by namespaces, whatever the prefixes are called, and skips a byte order mark', () => {
    const xml = xmlOf(aTaxInvoice()).replaceAll('cbc:', 'b:').replace('xmlns:cbc', 'xmlns:b')
    expect(findingsIn(xml, LATER)).to.deep.equal([])
    expect(findingsIn(`\ufeff${xml}`, LATER)).to.deep.equal([])
    const foreign = xmlOf(aTaxInvoice()).replace('CommonBasicComponents-2', 'Another-2')
    expect(findingsIn(foreign, LATER).map(finding => finding.id)).to.include('BR-02')
  })

  it('joins a text that comments and CDATA part', () => {
    const { root } = readXml('<a>x<!-- no -->y<![CDATA[<z>]]></a>')
    expect(textOf(root)).to.equal('xy<z>')
  })
})
