import { expect } from 'chai'
import fc from 'fast-check'
import { createSealCheck } from '../../api/modules/invoices/zatca/checks/seal-check.js'
import { readSignedXml } from '../../api/modules/invoices/zatca/checks/signed-xml.js'
import { AppError } from '../../api/platform/errors.js'
import { aSigner, signed } from './a-signer.js'
import { aDocument, aTaxInvoice } from './documents.js'
import { parsedHash } from './parsed-hash.js'
import { seeded } from './random-edits.js'

const signer = aSigner()
const check = createSealCheck()
const { xml } = signed(aDocument(), signer)
const idsIn = (text: string) => [...new Set(check(text).findings.map(({ id }) => id))]

describe('the check of a seal', () => {
  it('finds nothing in what was signed, a byte order mark before it or not', () => {
    expect(check(xml).findings).to.deep.equal([])
    expect(check(`\ufeff${xml}`).findings).to.deep.equal([])
  })

  it('reads what a chain needs from the bytes', () => {
    expect(check(xml)).to.include({ number: 'INV-1001-000001', uuid: aDocument().uuid, counter: '1' })
  })

  const changes: [string, (text: string) => string, string[]][] = [
    [
      'a sum',
      text => text.replace('>115.00</cbc:PayableAmount>', '>115.01</cbc:PayableAmount>'),
      ['INVALID-INVOICE-HASH'],
    ],
    [
      'white space in the document',
      text => text.replace('<cbc:ProfileID>', ' <cbc:ProfileID>'),
      ['INVALID-INVOICE-HASH'],
    ],
    [
      'the hash beside the signature',
      text => replaceIn(text, '<ds:DigestValue>', 3),
      ['INVALID-INVOICE-HASH'],
    ],
    ['the signature', text => replaceIn(text, '<ds:SignatureValue>', 30), ['INVALID-SIGNATURE']],
    ['the time of signing', text => text.replace('T14:05:10<', 'T14:05:11<'), ['SIGNED-PROPERTIES-HASHING']],
    [
      'white space in the signed properties',
      text => text.replace('<xades:Cert>', '<xades:Cert> '),
      ['SIGNED-PROPERTIES-HASHING'],
    ],
    [
      'the digest of the certificate',
      text => text.replace(/(<xades:CertDigest>.*?<ds:DigestValue>)./s, '$1x'),
      ['CERTIFICATE-HASHING'],
    ],
    ['the issuer', text => text.replace('>CN=CARGOPARTS', '>CN=SOMEBODY'), ['CERTIFICATE-ISSUER']],
    [
      'the serial number',
      text => text.replace(/<ds:X509SerialNumber>\d/, '<ds:X509SerialNumber>9'),
      ['CERTIFICATE-SERIAL'],
    ],
    ['a transform', text => text.replace('::cac:Signature)', '::cac:Nothing)'), ['SIGNATURE-FORM']],
    ['the algorithm', text => text.replace('ecdsa-sha256', 'ecdsa-sha512'), ['SIGNATURE-FORM']],
    ['the name of the signature', text => text.replace('Id="signature"', 'Id="another"'), ['SIGNATURE-FORM']],
    [
      'the mark of the signature',
      text => text.replace('dsig:enveloped:xades</cbc:Sig', 'dsig:enveloping:xades</cbc:Sig'),
      ['SIGNATURE-FORM'],
    ],
    [
      'something beside the signature',
      text => text.replace('<ds:KeyInfo>', '<ds:Object></ds:Object><ds:KeyInfo>'),
      ['SIGNATURE-FORM'],
    ],
    [
      'a certificate that is none',
      text => replaceIn(text, '<ds:X509Certificate>', 0, '!'),
      ['CERTIFICATE-UNREADABLE'],
    ],
  ]
  for (const [what, change, ids] of changes)
    it(`names ${what}`, () => {
      const changed = change(xml)
      expect(changed).not.to.equal(xml)
      expect(idsIn(changed)).to.include.members(ids)
    })

  it('says which bytes the hash is over, and both hashes', () => {
    const changed = xml.replace('>115.00</cbc:PayableAmount>', '>115.01</cbc:PayableAmount>')
    const [finding] = check(changed).findings
    expect(finding).to.include({ id: 'INVALID-INVOICE-HASH', place: '/Invoice', expected: check(xml).hash })
    const bytes = Buffer.from(changed)
    const hashed = (finding?.ranges ?? []).map(([from, until]) => bytes.subarray(from, until).toString())
    expect(hashed).to.have.length(3)
    expect(hashed.join('')).to.include('115.01').and.not.include('SignatureValue').and.not.include('>QR<')
    expect(hashed[2]).to.match(/^<cac:AccountingSupplierParty>.*<\/Invoice>$/s)
  })

  it('says which tag of the code is wrong, and what it should be', () => {
    const tampered = (tag: number, value: string) => {
      const bytes = Buffer.from(check(xml).qr, 'base64')
      let at = 0
      for (let one = 1; one < tag; one++) at += 2 + (bytes[at + 1] as number)
      bytes.write(value, at + 2)
      return xml.replace(check(xml).qr, bytes.toString('base64'))
    }
    for (const [tag, name] of [
      [2, 'VAT number'],
      [4, 'total'],
      [6, 'hash'],
      [8, 'public key'],
      [9, "signature of the certificate's authority"],
    ] as const) {
      const [finding, ...others] = check(tampered(tag, '9')).findings
      expect(others, name).to.deep.equal([])
      expect(finding).to.include({
        id: 'QRCODE-VALUE',
        place: `/Invoice/cac:AdditionalDocumentReference[3] tag ${tag} (${name})`,
      })
      expect(finding?.found).not.to.equal(finding?.expected)
    }
    expect(idsIn(xml.replace(check(xml).qr, `B${check(xml).qr.slice(1)}`))).to.deep.equal(['QRCODE-INVALID'])
  })

  it('finds a document that another key signed, and one that a certificate of another time signed', () => {
    const thief = { ...aSigner(), certificate: signer.certificate }
    expect(idsIn(signed(aDocument(), thief).xml)).to.deep.equal(['INVALID-SIGNATURE'])
    const early = signed(aDocument(), signer).xml.replace('2026-03-01T14:05:10', '2020-03-01T14:05:10')
    expect(idsIn(early)).to.include('CERTIFICATE-TIME')
  })

  it('wants a signature on a simplified document; a tax invoice gets its stamp from ZATCA', () => {
    const bare = (text: string) => text.replace(/<ds:Signature .*<\/ds:Signature>/s, '')
    expect(check(bare(xml)).findings).to.have.length(1)
    expect(check(bare(xml)).findings[0]).to.include({ id: 'NOT-SIGNED', severity: 'error' })
    const [finding] = check(bare(signed(aTaxInvoice(), signer).xml)).findings
    expect(finding).to.include({ id: 'NOT-SIGNED', severity: 'note' })
  })

  it('notices a changed byte wherever it is: but in the white space of markup, which means nothing', () => {
    const bytes = Buffer.from(xml)
    const random = seeded(9)
    const missed: string[] = []
    for (let index = random(9); index < bytes.length; index += 1 + random(17)) {
      const changed = Buffer.from(bytes)
      changed[index] = (bytes[index] as number) ^ (1 << random(7))
      if (isNoticed(changed)) continue
      missed.push(bytes.subarray(index - 8, index + 1).toString())
    }
    // between declaration and root, and between attributes, one white space is as good as another
    expect(missed.filter(text => !/[\s]$/.test(text))).to.deep.equal([])
  })
})

describe('the canonical form', () => {
  const root =
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"'
  const same = (inside: string, before = '', after = '') => {
    const text = `<?xml version="1.0"?>${before}<Invoice ${root}>${inside}</Invoice>${after}`
    expect(readSignedXml(text).hash, text).to.equal(parsedHash(text))
  }

  it('is the one libxml2 makes of what we would never write', () => {
    same('\n  <ext:UBLExtensions>x</ext:UBLExtensions>\n  <cbc:ID>1</cbc:ID>\r\n<cac:Signature/> t ')
    same('<cbc:ID b="2" a="1" xml:lang="ar" cac:z="3"/>', '<?before it?>\n', '\n<?after?>')
    same(
      '<x xmlns="" y="1"><cbc:ID xmlns:cbc="urn:other" xmlns:a="urn:a" a:b="&#10;&quot;&lt;&#9;\t\n"/></x>',
    )
    same(
      '<![CDATA[<&>]]>&#13;&gt;<!-- nothing --><?inside  with data ?><cbc:ID xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"/>',
    )
    same(
      '<cac:AdditionalDocumentReference><cbc:ID>QR</cbc:ID>x</cac:AdditionalDocumentReference>\n<cac:AdditionalDocumentReference><cbc:ID>QR </cbc:ID></cac:AdditionalDocumentReference>',
    )
    same('<q:a xmlns:q="urn:q" xmlns:p="urn:p" p:x="1" q:x="2" x="3" xmlns:z="urn:q" z:y="4"><p:b/></q:a>')
  })

  it('is the one libxml2 makes of random texts and attributes', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map(raw =>
        raw
          .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/g, '?')
          .replace(/[&<]/g, mark => (mark === '&' ? '&amp;' : '&lt;')),
      )
    fc.assert(
      fc.property(text, text, (content, value) => {
        same(`<cbc:Note a="${value.replaceAll('"', '&quot;')}">${content.replaceAll(']]>', '')}</cbc:Note>`)
      }),
      { numRuns: 200 },
    )
  })

  it('is made of no document type, and of no other encoding', () => {
    for (const text of [
      '<!DOCTYPE Invoice [<!ENTITY x "y">]><Invoice>&x;</Invoice>',
      '<?xml version="1.0" encoding="ISO-8859-1"?><Invoice/>',
      '<?xml version="1.1"?><Invoice/>',
      '<Invoice>',
      '',
    ])
      expect(() => readSignedXml(text), text)
        .to.throw(AppError)
        .with.property('kind', 'malformed')
  })
})

/** One character after `mark`, `offset` further on. */
function replaceIn(text: string, mark: string, offset: number, by?: string): string {
  const at = text.indexOf(mark) + mark.length + offset
  return `${text.slice(0, at)}${by ?? (text[at] === 'A' ? 'B' : 'A')}${text.slice(at + 1)}`
}

function isNoticed(bytes: Buffer): boolean {
  try {
    return check(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).findings.length > 0
  } catch (error) {
    if (error instanceof AppError || error instanceof TypeError) return true
    throw error
  }
}
