import { at, isQr, type Part } from './signed-xml.js'

/** What has to stand in a signature and around it, and is signed by nothing: the text of an element, or of an attribute. */
type Fixed = { path: readonly string[]; attribute?: string; value: string }

const SIGNATURE_ID = 'urn:oasis:names:specification:ubl:signature:Invoice'
const XADES_METHOD = 'urn:oasis:names:specification:ubl:dsig:enveloped:xades'
const C14N11 = 'http://www.w3.org/2006/12/xml-c14n11'
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const XPATHS = [
  'not(//ancestor-or-self::ext:UBLExtensions)',
  'not(//ancestor-or-self::cac:Signature)',
  "not(//ancestor-or-self::cac:AdditionalDocumentReference[cbc:ID='QR'])",
]

export const TO_EXTENSION = ['ext:UBLExtensions', 'ext:UBLExtension'] as const
export const TO_INFORMATION = [
  ...TO_EXTENSION,
  'ext:ExtensionContent',
  'sig:UBLDocumentSignatures',
  'sac:SignatureInformation',
] as const
export const TO_SIGNATURE = [...TO_INFORMATION, 'ds:Signature'] as const
const TO_INFO = [...TO_SIGNATURE, 'ds:SignedInfo'] as const
export const TO_PROPERTIES = [
  ...TO_SIGNATURE,
  'ds:Object',
  'xades:QualifyingProperties',
  'xades:SignedProperties',
] as const
const TO_DIGEST = [
  ...TO_PROPERTIES,
  'xades:SignedSignatureProperties',
  'xades:SigningCertificate',
  'xades:Cert',
  'xades:CertDigest',
] as const

const FIXED: readonly Fixed[] = [
  { path: [...TO_EXTENSION, 'ext:ExtensionURI'], value: XADES_METHOD },
  { path: [...TO_INFORMATION, 'cbc:ID'], value: 'urn:oasis:names:specification:ubl:signature:1' },
  { path: [...TO_INFORMATION, 'sbc:ReferencedSignatureID'], value: SIGNATURE_ID },
  { path: ['cac:Signature', 'cbc:ID'], value: SIGNATURE_ID },
  { path: ['cac:Signature', 'cbc:SignatureMethod'], value: XADES_METHOD },
  { path: TO_SIGNATURE, attribute: 'Id', value: 'signature' },
  { path: [...TO_INFO, 'ds:CanonicalizationMethod'], attribute: 'Algorithm', value: C14N11 },
  {
    path: [...TO_INFO, 'ds:SignatureMethod'],
    attribute: 'Algorithm',
    value: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  },
  { path: TO_PROPERTIES.slice(0, -1), attribute: 'Target', value: 'signature' },
  { path: TO_PROPERTIES, attribute: 'Id', value: 'xadesSignedProperties' },
  { path: [...TO_DIGEST, 'ds:DigestMethod'], attribute: 'Algorithm', value: SHA256 },
]

const REFERENCES = [
  { Id: 'invoiceSignedData', URI: '' },
  { Type: 'http://www.w3.org/2000/09/xmldsig#SignatureProperties', URI: '#xadesSignedProperties' },
]

export type Deviation = { part: Part; found: string; expected: string }

/** Where a signature is not of the form ZATCA gives it. `root` holds one. */
export function deviationsIn(root: Part): Deviation[] {
  const deviations: Deviation[] = []
  const compare = (part: Part, found: string | undefined, expected: string) => {
    if (found !== expected) deviations.push({ part, found: found ?? 'nothing', expected })
  }
  for (const { path, attribute, value } of FIXED) {
    const part = at(root, ...path)
    if (part) compare(part, attribute ? part.attributes[attribute] : part.text, value)
    else compare(nearest(root, path), undefined, path.at(-1) as string)
  }
  const info = at(root, ...TO_INFO) ?? nearest(root, TO_INFO)
  const references = info.children.filter(({ name }) => name === 'ds:Reference')
  compare(info, String(references.length), '2')
  for (const [index, reference] of references.slice(0, 2).entries()) {
    for (const [name, value] of Object.entries(REFERENCES[index] ?? {}))
      compare(reference, reference.attributes[name], value)
    const method = at(reference, 'ds:DigestMethod')
    compare(method ?? reference, method?.attributes.Algorithm, SHA256)
  }
  if (references[0]) compareTransforms(references[0], compare)
  for (const qr of root.children.filter(isQr)) compareQr(qr, compare)
  return [...deviations, ...strangersIn(root)]
}

type Compare = (part: Part, found: string | undefined, expected: string) => void

/** The code itself is compared with the document; what it stands in is left out of the hash, too. */
function compareQr(qr: Part, compare: Compare): void {
  const names = (part: Part | undefined) => part?.children.map(({ name }) => name).join(' ')
  const attachment = at(qr, 'cac:Attachment')
  const object = at(attachment, 'cbc:EmbeddedDocumentBinaryObject')
  compare(qr, names(qr), 'cbc:ID cac:Attachment')
  compare(attachment ?? qr, names(attachment), 'cbc:EmbeddedDocumentBinaryObject')
  compare(object ?? qr, object?.attributes.mimeCode, 'text/plain')
}

function compareTransforms(reference: Part, compare: Compare): void {
  const transforms = at(reference, 'ds:Transforms')?.children ?? []
  const expected = [...XPATHS.map(text => `${XPATH} ${text}`), C14N11]
  compare(reference, String(transforms.length), String(expected.length))
  for (const [index, transform] of transforms.slice(0, expected.length).entries()) {
    const path = at(transform, 'ds:XPath')
    const found = [transform.attributes.Algorithm, path?.text].filter(text => text !== undefined).join(' ')
    compare(path ?? transform, found, expected[index] as string)
  }
}

/** Where the names of the envelope are, each once: anything else within is of nobody's signing. */
const ENVELOPE = new Set([
  ...TO_INFORMATION,
  ...['ext:ExtensionURI', 'cbc:ID', 'sbc:ReferencedSignatureID', 'ds:Signature', 'ds:SignedInfo'],
  ...['ds:CanonicalizationMethod', 'ds:SignatureMethod', 'ds:Reference', 'ds:Transforms', 'ds:Transform'],
  ...['ds:XPath', 'ds:DigestMethod', 'ds:DigestValue', 'ds:SignatureValue', 'ds:KeyInfo', 'ds:X509Data'],
  ...['ds:X509Certificate', 'ds:Object', 'xades:QualifyingProperties', 'xades:SignedProperties'],
])
const REPEATED = new Set(['ds:Reference', 'ds:Transform', 'ds:XPath', 'ds:DigestMethod', 'ds:DigestValue'])

/** Elements and texts in the envelope that have no business there. What is signed is left to its digest. */
function strangersIn(root: Part): Deviation[] {
  const extensions = root.children.filter(({ name }) => name === 'ext:UBLExtensions')
  const marks = root.children.filter(({ name }) => name === 'cac:Signature')
  const deviations: Deviation[] = [...extensions.slice(1), ...marks.slice(1)].map(stranger)
  const seen = new Set<string>()
  const walk = (part: Part): void => {
    if (!ENVELOPE.has(part.name) || (seen.has(part.name) && !REPEATED.has(part.name)))
      deviations.push(stranger(part))
    seen.add(part.name)
    if (part.children.length > 0 && part.text.trim() !== '')
      deviations.push({ part, found: part.text.trim().slice(0, 80), expected: 'no text' })
    if (part.name !== 'xades:SignedProperties') for (const child of part.children) walk(child)
  }
  if (extensions[0]) walk(extensions[0])
  return deviations
}

const stranger = (part: Part): Deviation => ({ part, found: part.name, expected: 'no such element here' })

function nearest(root: Part, path: readonly string[]): Part {
  for (let length = path.length - 1; length > 0; length--) {
    const part = at(root, ...path.slice(0, length))
    if (part) return part
  }
  return root
}
