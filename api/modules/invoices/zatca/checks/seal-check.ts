import { verify } from 'node:crypto'
import { AppError } from '../../../../platform/errors.js'
import { type Certificate, digestOf, readCertificate } from '../signing/certificate.js'
import { deviationsIn, TO_PROPERTIES, TO_SIGNATURE } from './form.js'
import { qrDeviations, readQr } from './qr-check.js'
import { findingsAbout, type SealFinding } from './seal-finding.js'
import { signedPropertiesHash } from './signed-properties.js'
import { at, isQr, type Part, readSignedXml } from './signed-xml.js'

/** What was read of a document on the way, for who checks its place in a chain. */
export type Checked = {
  findings: SealFinding[]
  /** As taken from the bytes; not what the document says of itself. */
  hash: string
  number: string
  uuid: string
  counter: string
  previousHash: string
  qr: string
  certificate: Certificate | undefined
}

export type SealCheck = ReturnType<typeof createSealCheck>

const RIYADH = '+03:00'
/** A chain has one certificate for thousands of documents. */
const MOST_KNOWN = 200

/**
 * Checks a document's hash, signature, signed properties, certificate and QR code from its bytes alone, with nothing of
 * the code that writes them. Throws `malformed` for what is no XML, `invalid` for what is no invoice.
 */
export function createSealCheck() {
  const known = new Map<string, Certificate>()

  return (text: string): Checked => {
    const { root, hash } = readSignedXml(text)
    if (root.name !== 'Invoice')
      throw new AppError('invalid', 'invoices.not_an_invoice', 'The root element is no UBL 2.1 Invoice.')
    const reference = (id: string) =>
      root.children.find(
        ({ name, children }) => name === 'cac:AdditionalDocumentReference' && children[0]?.text === id,
      )
    const [icv, pih, qr] = [reference('ICV'), reference('PIH'), reference('QR')]
    const embedded = (part: Part | undefined) =>
      at(part, 'cac:Attachment', 'cbc:EmbeddedDocumentBinaryObject')?.text ?? ''
    const checked = {
      hash,
      number: at(root, 'cbc:ID')?.text ?? '',
      uuid: at(root, 'cbc:UUID')?.text ?? '',
      counter: at(icv, 'cbc:UUID')?.text ?? '',
      previousHash: embedded(pih),
      qr: embedded(qr),
    }
    const finding = findingsAbout(text)
    const signature = at(root, ...TO_SIGNATURE)
    if (!signature) {
      const isSimplified = (at(root, 'cbc:InvoiceTypeCode')?.attributes.name ?? '').startsWith('02')
      // a standard document is stamped by ZATCA, which takes it without ours
      const severity = isSimplified ? {} : { severity: 'note' as const }
      return { ...checked, certificate: undefined, findings: [finding('NOT-SIGNED', root, {}, severity)] }
    }

    const findings: SealFinding[] = deviationsIn(root).map(({ part, found, expected }) =>
      finding('SIGNATURE-FORM', part, { found, expected }),
    )
    const value = at(signature, 'ds:SignatureValue')
    const certificatePart = at(signature, 'ds:KeyInfo', 'ds:X509Data', 'ds:X509Certificate')
    const certificate = certificateOf(certificatePart?.text ?? '')
    if (!certificate) findings.push(finding('CERTIFICATE-UNREADABLE', certificatePart ?? signature))
    const properties = at(root, ...TO_PROPERTIES)
    if (properties && certificate) findings.push(...certificateFindings(properties, certificate))

    const [whole, inner] = (at(signature, 'ds:SignedInfo')?.children ?? [])
      .filter(({ name }) => name === 'ds:Reference')
      .map(part => at(part, 'ds:DigestValue'))
    const values = readQr(checked.qr)
    const stated = whole?.text ?? ''
    const isSigned = certificate !== undefined && isSignatureOf(hash, value?.text ?? '', certificate)
    if (stated !== hash) {
      const values = { found: hash, expected: stated }
      // the signature tells which of the two was changed: what was signed is what stands there
      if (isSigned && whole)
        findings.push(finding('INVALID-INVOICE-HASH', whole, { found: stated, expected: hash }))
      else findings.push(finding('INVALID-INVOICE-HASH', root, values, { ranges: hashedRanges(root) }))
    }
    if (certificate && !isSigned && !isSignatureOf(stated, value?.text ?? '', certificate))
      findings.push(finding('INVALID-SIGNATURE', value ?? signature, { found: value?.text ?? 'nothing' }))
    if (properties) {
      const digest = signedPropertiesHash(properties, text)
      if (inner?.text !== digest)
        findings.push(
          finding('SIGNED-PROPERTIES-HASHING', properties, {
            found: digest,
            expected: inner?.text ?? 'nothing',
          }),
        )
    }
    if (!values) findings.push(finding('QRCODE-INVALID', qr ?? root))
    else
      for (const { tag, name, found, expected } of qrDeviations(root, values, {
        hash,
        signature: value?.text ?? '',
        certificate,
      }))
        findings.push(
          finding('QRCODE-VALUE', qr as Part, { found, expected }, { within: `tag ${tag} (${name})` }),
        )
    return { ...checked, certificate, findings }

    function certificateFindings(properties: Part, certificate: Certificate): SealFinding[] {
      const signed = at(properties, 'xades:SignedSignatureProperties')
      const cert = at(signed, 'xades:SigningCertificate', 'xades:Cert')
      const compare = (id: SealFinding['id'], part: Part | undefined, expected: string) =>
        part?.text === expected
          ? []
          : [finding(id, part ?? properties, { found: part?.text ?? 'nothing', expected })]
      const time = at(signed, 'xades:SigningTime')
      const signedAt = new Date(
        /Z$|[+-]\d\d:\d\d$/.test(time?.text ?? '') ? (time?.text as string) : `${time?.text}${RIYADH}`,
      )
      const { validFrom, validUntil } = certificate
      const isInTime = signedAt >= validFrom && signedAt <= validUntil
      return [
        ...compare(
          'CERTIFICATE-HASHING',
          at(cert, 'xades:CertDigest', 'ds:DigestValue'),
          digestOf(certificatePart?.text.trim() ?? ''),
        ),
        ...compare(
          'CERTIFICATE-ISSUER',
          at(cert, 'xades:IssuerSerial', 'ds:X509IssuerName'),
          certificate.issuerName,
        ),
        ...compare(
          'CERTIFICATE-SERIAL',
          at(cert, 'xades:IssuerSerial', 'ds:X509SerialNumber'),
          certificate.serialNumber,
        ),
        ...(isInTime
          ? []
          : [
              finding('CERTIFICATE-TIME', time ?? properties, {
                found: time?.text ?? 'nothing',
                expected: `${validFrom.toISOString()} to ${validUntil.toISOString()}`,
              }),
            ]),
      ]
    }
  }

  function certificateOf(text: string): Certificate | undefined {
    const found = known.get(text)
    if (found) return found
    try {
      const certificate = readCertificate(text)
      if (known.size >= MOST_KNOWN) known.clear()
      known.set(text, certificate)
      return certificate
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
  }
}

/** ECDSA over the bytes of the hash, which are hashed once more. */
function isSignatureOf(documentHash: string, signature: string, { publicKey }: Certificate): boolean {
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.toString('base64') !== signature.trim()) return false
  return verify('sha256', Buffer.from(documentHash, 'base64'), publicKey, bytes)
}

/** All of the root but the three parts that are put in later. */
function hashedRanges(root: Part): [number, number][] {
  const left = root.children.filter(
    part => part.name === 'ext:UBLExtensions' || part.name === 'cac:Signature' || isQr(part),
  )
  const edges = [root.from, ...left.flatMap(({ from, to }) => [from, to]), root.to]
  const ranges: [number, number][] = []
  for (let index = 0; index < edges.length; index += 2) {
    const [from, to] = [edges[index] as number, edges[index + 1] as number]
    if (to > from) ranges.push([from, to])
  }
  return ranges
}
