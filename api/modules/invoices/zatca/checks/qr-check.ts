import { hash } from 'node:crypto'
import type { Certificate } from '../signing/certificate.js'
import { at, type Part } from './signed-xml.js'

export type QrDeviation = { tag: number; name: string; found: string; expected: string }

/** The values of a code by their tags. Undefined where the bytes are no TLV, or not one of each tag in its order. */
export function readQr(base64: string): Buffer[] | undefined {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64') !== base64) return undefined
  const values: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const [tag, length] = [bytes[start], bytes[start + 1]]
    if (tag !== values.length + 1 || length === undefined) return undefined
    const value = bytes.subarray(start + 2, start + 2 + length)
    if (value.length !== length) return undefined
    values.push(value)
    start += 2 + length
  }
  return values
}

/** What a code says otherwise than the document it stands on. `values` are in the order of their tags. */
export function qrDeviations(
  root: Part,
  values: readonly Buffer[],
  { hash, signature, certificate }: { hash: string; signature: string; certificate: Certificate | undefined },
): QrDeviation[] {
  const text = (...path: string[]) => at(root, ...path)?.text ?? ''
  const seller = ['cac:AccountingSupplierParty', 'cac:Party']
  // the standard says BT-112; the code of ZATCA's own samples with an advance or a rounding has BT-115
  const totals = ['cbc:TaxInclusiveAmount', 'cbc:PayableAmount'].map(name =>
    bytesOf(text('cac:LegalMonetaryTotal', name)),
  )
  const total = totals.find(each => values[3]?.equals(each)) ?? totals[0]
  const told: [string, Buffer | undefined][] = [
    ['seller name', bytesOf(text(...seller, 'cac:PartyLegalEntity', 'cbc:RegistrationName'))],
    ['VAT number', bytesOf(text(...seller, 'cac:PartyTaxScheme', 'cbc:CompanyID'))],
    ['time of issue', bytesOf(`${text('cbc:IssueDate')}T${text('cbc:IssueTime')}`)],
    ['total', total],
    ['VAT', bytesOf(text('cac:TaxTotal', 'cbc:TaxAmount'))],
    ['hash', bytesOf(hash)],
    ['signature', bytesOf(signature)],
    ['public key', certificate?.spki],
    ["signature of the certificate's authority", certificate?.authoritySignature],
  ]
  // ZATCA stamps a standard document itself: its own code carries no ninth value
  const isSimplified = (at(root, 'cbc:InvoiceTypeCode')?.attributes.name ?? '').startsWith('02')
  const wanted = isSimplified ? 9 : Math.min(Math.max(values.length, 8), 9)
  const deviations: QrDeviation[] = []
  for (const [index, [name, expected]] of told.slice(0, Math.max(wanted, values.length)).entries()) {
    const found = values[index]
    // without a certificate there is nothing to compare its values with
    if (index >= 7 && !certificate && found) continue
    if (found && expected && found.equals(expected)) continue
    const isText = index < 7
    deviations.push({ tag: index + 1, name, found: shown(found, isText), expected: shown(expected, isText) })
  }
  return deviations
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8')

const shown = (bytes: Buffer | undefined, isText: boolean): string => {
  if (!bytes) return 'nothing'
  return isText ? bytes.toString('utf8') : `SHA-256 ${hash('sha256', bytes, 'hex').slice(0, 16)}…`
}
