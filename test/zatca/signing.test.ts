import { createHash, verify } from 'node:crypto'
import { expect } from 'chai'
import { readQr } from '../../api/modules/invoices/zatca/checks/qr-check.js'
import { createSealCheck } from '../../api/modules/invoices/zatca/checks/seal-check.js'
import { writeDocument } from '../../api/modules/invoices/zatca/sealing.js'
import { totalsOf } from '../../api/modules/invoices/zatca/totals.js'
import { AppError } from '../../api/platform/errors.js'
import { aSigner, SIGNED_AT, signed } from './a-signer.js'
import { aDocument, aTaxInvoice, SELLER } from './documents.js'
import { parsedHash } from './parsed-hash.js'
import { SHAPES } from './shapes.js'
import { AGE, ourIds } from './verdicts.js'

const base64Hex = (text: string) =>
  Buffer.from(createHash('sha256').update(text).digest('hex')).toString('base64')
const between = (xml: string, start: string, end: string): string => {
  const from = xml.indexOf(start) + start.length
  return xml.slice(from, xml.indexOf(end, from))
}

describe('a signed document', () => {
  const signer = aSigner()
  const { certificate } = signer
  const check = createSealCheck()

  for (const [name, document] of Object.entries(SHAPES)) {
    it(`verifies, has the hash libxml2 finds, and breaks no rule: ${name}`, () => {
      const { xml, hash } = signed(document, signer)
      expect(check(xml).findings).to.deep.equal([])
      expect(parsedHash(xml)).to.equal(hash)
      expect(hash).to.equal(writeDocument(document, totalsOf(document)).hash)
      expect(ourIds(xml).filter(id => id !== AGE)).to.deep.equal([])
    })
  }

  it('is signed over the bytes of its hash, which are hashed once more: not over SignedInfo', () => {
    const { hash, signature, xml } = signed(aDocument(), signer)
    expect(between(xml, '<ds:SignatureValue>', '</ds:SignatureValue>')).to.equal(signature)
    const bytes = Buffer.from(signature, 'base64')
    expect(verify('sha256', Buffer.from(hash, 'base64'), certificate.publicKey, bytes)).to.equal(true)
    expect(verify('sha256', Buffer.from(hash), certificate.publicKey, bytes)).to.equal(false)
  })

  it('states the digest of its certificate as of its text, with issuer and serial as Java writes them', () => {
    const { xml } = signed(aDocument(), signer)
    expect(xml).to.include(`<ds:X509Certificate>${certificate.text}</ds:X509Certificate>`)
    const cert = between(xml, '<xades:Cert>', '</xades:Cert>')
    expect(cert).to.include(`>${base64Hex(certificate.text)}<`)
    expect(cert).to.include('>CN=CARGOPARTS-SANDBOX-CA, DC=cargoparts, DC=example<')
    expect(between(cert, '<ds:X509SerialNumber>', '<')).to.match(/^\d{40,50}$/)
  })

  it('embeds one text of its signed properties, and states the digest of another', () => {
    const { xml } = signed(aDocument(), signer)
    const embedded = `<xades:SignedProperties${between(xml, '<xades:SignedProperties', '</xades:QualifyingProperties>')}`
    // written out here once more, from the standard and the samples
    const pad = (columns: number) => `\n${' '.repeat(columns)}`
    const ds = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    const hashed = [
      '<xades:SignedProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Id="xadesSignedProperties">',
      `${pad(36)}<xades:SignedSignatureProperties>`,
      `${pad(40)}<xades:SigningTime>${SIGNED_AT}</xades:SigningTime>`,
      `${pad(40)}<xades:SigningCertificate>${pad(44)}<xades:Cert>${pad(48)}<xades:CertDigest>`,
      `${pad(52)}<ds:DigestMethod ${ds} Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>`,
      `${pad(52)}<ds:DigestValue ${ds}>${base64Hex(certificate.text)}</ds:DigestValue>`,
      `${pad(48)}</xades:CertDigest>${pad(48)}<xades:IssuerSerial>`,
      `${pad(52)}<ds:X509IssuerName ${ds}>${certificate.issuerName}</ds:X509IssuerName>`,
      `${pad(52)}<ds:X509SerialNumber ${ds}>${certificate.serialNumber}</ds:X509SerialNumber>`,
      `${pad(48)}</xades:IssuerSerial>${pad(44)}</xades:Cert>${pad(40)}</xades:SigningCertificate>`,
      `${pad(36)}</xades:SignedSignatureProperties>${pad(32)}</xades:SignedProperties>`,
    ].join('')
    expect(embedded).to.equal(hashed.replaceAll(` ${ds}`, '').replace(/ xmlns:xades="[^"]*"/, ''))
    expect(xml.match(/<ds:DigestValue>([^<]+)</g)?.[1]).to.equal(`<ds:DigestValue>${base64Hex(hashed)}<`)
  })

  it('carries tags 1 to 9 where it is simplified: hash and signature as text, key and stamp as bytes', () => {
    const { qr, hash, signature, xml } = signed(aDocument(), signer)
    const values = readQr(qr) as Buffer[]
    expect(values.slice(0, 7).map(String)).to.deep.equal([
      ...[SELLER.name, SELLER.vatNumber, '2026-03-01T14:05:09', '115.00', '15.00'],
      ...[hash, signature],
    ])
    expect(values[5]).to.have.length(44)
    expect(values[7]).to.deep.equal(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    expect(values[7]).to.have.length(88)
    const whole = Buffer.from(certificate.text, 'base64')
    expect(values[8]).to.deep.equal(whole.subarray(-(values[8]?.length as number)))
    expect(values[8]?.[0]).to.equal(0x30)
    expect(values).to.have.length(9)
    expect(qr.length).to.be.at.most(700)
    expect(xml).to.include(`<cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain">${qr}<`)
  })

  it('carries tags 1 to 8 where ZATCA stamps it', () => {
    expect(readQr(signed(aTaxInvoice(), signer).qr)).to.have.length(8)
  })

  it('is not made where a name has more bytes than a tag can tell: 299 of them would read as 43', () => {
    const named = (name: string) => () => signed(aDocument({ seller: { ...SELLER, name } }), signer)
    const longest = signed(aDocument({ seller: { ...SELLER, name: `${'ق'.repeat(127)}x` } }), signer)
    expect(readQr(longest.qr)?.[0]).to.have.length(255)
    expect(named(`${'ق'.repeat(149)}x`))
      .to.throw(AppError, 'it has 299 bytes')
      .with.property('code', 'invoices.qr_value_too_long')
    expect(named('ق'.repeat(128))).to.throw(AppError, '256 bytes')
  })
})
