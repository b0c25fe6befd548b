import { AppError } from '../../../../platform/errors.js'

/** What the code tells, each as it stands in the document. */
export type QrFields = {
  sellerName: string
  vatNumber: string
  /** `2026-03-01T14:05:09`: Riyadh time, no zone. */
  issuedAt: string
  /** BT-112: with VAT, before rounding. */
  total: string
  /** The first cbc:TaxAmount: VAT in riyals. */
  vat: string
}

/** What proves it (phase 2). */
export type QrProof = {
  /** Base64, as text. */
  hash: string
  /** Base64, as text. */
  signature: string
  publicKey: Buffer
  /** On simplified documents only: on others ZATCA puts its own stamp. */
  authoritySignature?: Buffer | undefined
}

/** What a tag holds, for people. */
export const QR_TAGS = [
  'seller name',
  'VAT number',
  'time of issue',
  'total',
  'VAT',
  'hash',
  'signature',
  'public key',
  "signature of the certificate's authority",
] as const

const MOST_BYTES = 255

/**
 * The text of the QR code (ZATCA Security Features, section 4): tags 1 to 5, with `proof` 1 to 9, as TLV in base64.
 * Throws `invalid` where a value has more bytes than one byte of length can tell.
 */
export function qrText(fields: QrFields, proof?: QrProof): string {
  const { sellerName, vatNumber, issuedAt, total, vat } = fields
  const told = [sellerName, vatNumber, issuedAt, total, vat].map(text => Buffer.from(text, 'utf8'))
  return Buffer.concat([...told, ...(proof ? proven(proof) : [])].map(tlv)).toString('base64')
}

// hash and signature go as the text of their base64, the last two as bytes: the samples are so, whatever the PDF says
function proven({ hash, signature, publicKey, authoritySignature }: QrProof): Buffer[] {
  const values = [Buffer.from(hash), Buffer.from(signature), publicKey]
  return authoritySignature ? [...values, authoritySignature] : values
}

/** One byte of tag, one unsigned byte of length, the value's bytes: an Arabic letter takes two. */
function tlv(value: Buffer, index: number): Buffer {
  const { length } = value
  if (length > MOST_BYTES) {
    const name = QR_TAGS[index]
    throw new AppError(
      'invalid',
      'invoices.qr_value_too_long',
      `The QR code cannot hold the ${name}: it has ${length} bytes (an Arabic letter takes two), and ${MOST_BYTES} are the most.`,
      { name, length, most: MOST_BYTES },
    )
  }
  return Buffer.concat([Buffer.of(index + 1, length), value])
}
