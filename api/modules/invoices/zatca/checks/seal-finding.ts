import { type Part, pathOf } from './signed-xml.js'

/** Names as ZATCA's own answers have them, where it has one. */
export const SEAL_IDS = [
  'NOT-SIGNED',
  'SIGNATURE-FORM',
  'INVALID-INVOICE-HASH',
  'INVALID-SIGNATURE',
  'SIGNED-PROPERTIES-HASHING',
  'CERTIFICATE-UNREADABLE',
  'CERTIFICATE-HASHING',
  'CERTIFICATE-ISSUER',
  'CERTIFICATE-SERIAL',
  'CERTIFICATE-TIME',
  'QRCODE-INVALID',
  'QRCODE-VALUE',
] as const
export type SealId = (typeof SEAL_IDS)[number]

/** What is wrong with hash, signature, certificate or QR code of a document. */
export type SealFinding = {
  id: SealId
  severity: 'error' | 'note'
  /** `/Invoice/ext:UBLExtensions/…`, or the tag of a QR code behind its place. */
  place: string
  line: number
  /** Of the file, in bytes: first, and behind the last. All that was hashed, where it was the hash. */
  ranges: [number, number][]
  found: string
  expected: string
}

/** Makes findings about parts of one text. */
export function findingsAbout(text: string) {
  const byteOf = (offset: number): number => Buffer.byteLength(text.slice(0, offset))
  return (
    id: SealId,
    part: Part,
    values: { found?: string; expected?: string } = {},
    about: { within?: string; ranges?: [number, number][]; severity?: 'note' } = {},
  ): SealFinding => ({
    id,
    severity: about.severity ?? 'error',
    place: about.within ? `${pathOf(part)} ${about.within}` : pathOf(part),
    line: text.slice(0, part.from).split('\n').length,
    ranges: (about.ranges ?? [[part.from, part.to]]).map(([from, to]) => [byteOf(from), byteOf(to)]),
    found: values.found ?? '',
    expected: values.expected ?? '',
  })
}
