import { hash } from 'node:crypto'
import type { Certificate } from './certificate.js'

/** Signs SHA-256 of these bytes: ECDSA on secp256k1, the answer in DER. */
export type Sign = (bytes: Buffer) => Buffer

const XADES = 'xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"'
const DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
const C14N11 = 'http://www.w3.org/2006/12/xml-c14n11'

const transform = (without: string) =>
  `<ds:Transform Algorithm="${XPATH}"><ds:XPath>not(//ancestor-or-self::${without})</ds:XPath></ds:Transform>`
const METHOD = `<ds:DigestMethod Algorithm="${SHA256}"/>`
const BEFORE_HASH =
  '<ds:SignedInfo>' +
  `<ds:CanonicalizationMethod Algorithm="${C14N11}"/>` +
  '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>' +
  '<ds:Reference Id="invoiceSignedData" URI=""><ds:Transforms>' +
  transform('ext:UBLExtensions') +
  transform('cac:Signature') +
  transform("cac:AdditionalDocumentReference[cbc:ID='QR']") +
  `<ds:Transform Algorithm="${C14N11}"/></ds:Transforms>${METHOD}`

/**
 * SignatureValue (BTs of KSA-15), base64: over the 32 bytes of the document's hash, which are so hashed once more.
 * ds:SignedInfo is not what is signed, whatever XML Signature says.
 */
export const signatureOf = (documentHash: string, sign: Sign): string =>
  sign(Buffer.from(documentHash, 'base64')).toString('base64')

/** The ds:Signature of a document, with the namespaces it needs. `signedAt`: `2026-03-01T14:05:09`, Riyadh time, no zone. */
export function signatureXml(
  documentHash: string,
  signature: string,
  certificate: Certificate,
  signedAt: string,
): string {
  const properties = signedProperties(certificate, signedAt, EMBEDDED)
  const propertiesHash = Buffer.from(
    hash('sha256', signedProperties(certificate, signedAt, HASHED), 'hex'),
  ).toString('base64')
  return (
    `<ds:Signature ${DS} Id="signature">${BEFORE_HASH}<ds:DigestValue>${documentHash}</ds:DigestValue></ds:Reference>` +
    '<ds:Reference Type="http://www.w3.org/2000/09/xmldsig#SignatureProperties" URI="#xadesSignedProperties">' +
    `${METHOD}<ds:DigestValue>${propertiesHash}</ds:DigestValue></ds:Reference></ds:SignedInfo>` +
    `<ds:SignatureValue>${signature}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    `<ds:Object><xades:QualifyingProperties ${XADES} Target="signature">${properties}</xades:QualifyingProperties></ds:Object>` +
    '</ds:Signature>'
  )
}

/** Where namespaces are declared: by the ancestors in the document, on each element in what is hashed. */
type Form = { xades: string; ds: string }
const EMBEDDED: Form = { xades: '', ds: '' }
const HASHED: Form = { xades: ` ${XADES}`, ds: ` ${DS}` }

/**
 * xades:SignedProperties. ZATCA hashes the text its own library makes of the element when it is taken out of the document:
 * with exactly this white space, and the namespaces on the elements that use them.
 */
function signedProperties(certificate: Certificate, signedAt: string, { xades, ds }: Form): string {
  const indent = (columns: number, text: string) => `${' '.repeat(columns)}${text}`
  return [
    `<xades:SignedProperties${xades} Id="xadesSignedProperties">`,
    indent(36, '<xades:SignedSignatureProperties>'),
    indent(40, `<xades:SigningTime>${signedAt}</xades:SigningTime>`),
    indent(40, '<xades:SigningCertificate>'),
    indent(44, '<xades:Cert>'),
    indent(48, '<xades:CertDigest>'),
    indent(52, `<ds:DigestMethod${ds} Algorithm="${SHA256}"/>`),
    indent(52, `<ds:DigestValue${ds}>${certificate.digest}</ds:DigestValue>`),
    indent(48, '</xades:CertDigest>'),
    indent(48, '<xades:IssuerSerial>'),
    indent(52, `<ds:X509IssuerName${ds}>${escaped(certificate.issuerName)}</ds:X509IssuerName>`),
    indent(52, `<ds:X509SerialNumber${ds}>${certificate.serialNumber}</ds:X509SerialNumber>`),
    indent(48, '</xades:IssuerSerial>'),
    indent(44, '</xades:Cert>'),
    indent(40, '</xades:SigningCertificate>'),
    indent(36, '</xades:SignedSignatureProperties>'),
    indent(32, '</xades:SignedProperties>'),
  ].join('\n')
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark] as string)
