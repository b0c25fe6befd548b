import { expect } from 'chai'
import fc from 'fast-check'
import { RULES } from '../../api/modules/invoices/zatca/rules/index.js'
import { ruleText } from '../../api/modules/invoices/zatca/texts/index.js'
import { findingsIn, isInTheWay, UNREADABLE_VALUE } from '../../api/modules/invoices/zatca/validate.js'
import { brokenDocuments } from './broken-documents.js'
import { cartDocuments } from './carts.js'
import { aTaxInvoice, xmlOf } from './documents.js'
import { SHAPES } from './shapes.js'
import { AGE, GAVE_UP, hashOf, isSameVerdict, LATER, ourIds, readVerdicts } from './verdicts.js'

describe("ZATCA's rules", () => {
  const verdicts = readVerdicts()
  const verdictOn = (xml: string): string[] => {
    const verdict = verdicts.get(hashOf(xml))
    if (!verdict) throw new Error('no verdict: npm run test:zatca -- <SDK> --record')
    return verdict
  }
  const broken = brokenDocuments()

  it('are all there, each once, as errors and warnings', () => {
    const count = (set: string, severity: string) =>
      RULES.filter(rule => rule.set === set && rule.severity === severity).length
    expect(new Set(RULES.map(rule => rule.id)).size)
      .to.equal(RULES.length)
      .and.equal(248)
    expect([count('KSA', 'error'), count('KSA', 'warning')]).to.deep.equal([46, 98])
    expect([count('EN', 'error'), count('EN', 'warning')]).to.deep.equal([40, 64])
  })

  for (const [name, document] of Object.entries(SHAPES)) {
    it(`let pass: ${name}`, () => {
      const xml = xmlOf(document)
      expect(verdictOn(xml).filter(id => id !== AGE)).to.deep.equal([])
      expect(ourIds(xml)).to.deep.equal(verdictOn(xml))
    })
  }

  for (const { name, rule, xml } of broken) {
    it(`find the same as their official files: ${name}`, () => {
      const official = verdictOn(xml)
      expect(isSameVerdict(official, ourIds(xml)), `${official} against ${ourIds(xml)}`).to.equal(true)
      const found = findingsIn(xml, LATER).map(finding => finding.id)
      if (official[0] === GAVE_UP) expect(found).to.include(UNREADABLE_VALUE)
      else expect(found).to.include(rule)
    })
  }

  it('have each a document that breaks it', () => {
    const missing = new Set(RULES.map(rule => rule.id))
    for (const { rule } of broken) missing.delete(rule)
    expect([...missing]).to.deep.equal([])
  })

  it('are broken by a document of their own, with no other broken, in most cases', () => {
    const alone = broken.filter(
      ({ rule, xml }) =>
        ourIds(xml)
          .filter(id => id !== AGE)
          .join() === rule,
    )
    expect(new Set(alone.map(({ rule }) => rule)).size).to.be.above(130)
  })

  it('pass any cart', () => {
    fc.assert(
      fc.property(cartDocuments, document => {
        const findings = findingsIn(xmlOf(document), new Date('2026-03-01T14:10:00+03:00'))
        expect(findings).to.deep.equal([])
      }),
      { numRuns: 1_000 },
    )
  })

  it('are told in both languages, in sentences of their own', () => {
    for (const { id } of RULES) {
      const { ar, en } = ruleText(id)
      expect(en, id).to.match(/^[A-Z].*\.$/s)
      expect(en, id).not.to.equal(ruleText('no such rule').en)
      expect(ar, id).to.match(/[\u0600-\u06ff].*\.$/s)
    }
    expect(ruleText(UNREADABLE_VALUE).ar).not.to.equal(ruleText('no such rule').ar)
  })
})

describe('a finding', () => {
  it('names rule, severity, place and line', () => {
    const xml = xmlOf(aTaxInvoice())
      .replace('>115.00</cbc:RoundingAmount>', '>115.01</cbc:RoundingAmount>')
      .replaceAll('<cac:', '\n<cac:')
    const [finding, ...others] = findingsIn(xml, LATER)
    expect(others).to.deep.equal([])
    const line = xml
      .slice(0, xml.indexOf('<cac:TaxTotal><cbc:TaxAmount currencyID="SAR">15.00</cbc:TaxAmount><cbc:R'))
      .split('\n').length
    expect(finding).to.deep.equal({
      id: 'BR-KSA-51',
      severity: 'warning',
      place: '/Invoice/cac:InvoiceLine/cac:TaxTotal',
      line,
    })
  })

  it('is in the way as a warning and as an error, not as a note', () => {
    const mail = '<cac:Contact><cbc:ElectronicMail>office@ware.shop</cbc:ElectronicMail></cac:Contact>'
    const xml = xmlOf(aTaxInvoice()).replace(/(?=<\/cac:Party><\/cac:AccountingCustomerParty>)/, mail)
    const findings = findingsIn(xml, LATER)
    expect(findings.map(({ id, severity }) => [id, severity])).to.deep.equal([['BR-KSA-86', 'note']])
    expect(findings.some(isInTheWay)).to.equal(false)
  })
})
