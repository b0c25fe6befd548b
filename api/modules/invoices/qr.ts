import { type Halalas, toSar } from '../../platform/money.js'

export type QrFields = {
  sellerName: string
  vatNumber: string
  /** As it stands in the document: `2026-03-01T14:05:09`, Riyadh time, no zone. */
  issuedAt: string
  /** BT-112: with VAT, before rounding. */
  totalHalalas: Halalas
  vatHalalas: Halalas
}

/** The QR code's text of a phase 1 invoice (ZATCA Security Features, section 4): TLV of tags 1 to 5, in base64. */
export function phaseOneQr({ sellerName, vatNumber, issuedAt, totalHalalas, vatHalalas }: QrFields): string {
  const fields = [sellerName, vatNumber, issuedAt, toSar(totalHalalas), toSar(vatHalalas)]
  return Buffer.concat(fields.map((value, index) => tlv(index + 1, value))).toString('base64')
}

/** One byte of tag, one unsigned byte of length, the value's UTF-8 bytes: an Arabic letter takes two. */
function tlv(tag: number, value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  if (bytes.length > 255)
    throw new RangeError(`tag ${tag} has ${bytes.length} bytes; one byte of length holds 255`)
  return Buffer.concat([Buffer.of(tag, bytes.length), bytes])
}
