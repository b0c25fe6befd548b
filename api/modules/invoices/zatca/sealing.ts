import { hash } from 'node:crypto'
import type { TaxDocument } from './document.js'
import type { Totals } from './totals.js'
import { type Body, embedded, invoiceBody } from './ubl/invoice-xml.js'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const SIGNATURE_ID = 'urn:oasis:names:specification:ubl:signature:Invoice'
const SIGNATURE_METHOD = 'urn:oasis:names:specification:ubl:dsig:enveloped:xades'
const MARK = `<cac:Signature><cbc:ID>${SIGNATURE_ID}</cbc:ID><cbc:SignatureMethod>${SIGNATURE_METHOD}</cbc:SignatureMethod></cac:Signature>`

/** What is put into a document after it was hashed. */
export type Seal = {
  /** `ds:Signature` with all its namespaces, or nothing as long as the seller's unit has no certificate. */
  signature: string
  /** TLV in base64. */
  qr: string
}

/** A document that is written and hashed, and takes its seal. */
export type Unsealed = { readonly hash: string; seal(seal: Seal): string }

/**
 * KSA-13 of the next document: SHA-256 of the canonical document (C14N 1.1) without extensions, signature mark and QR
 * code, in base64. The writer's text is canonical, and nothing but these three is put in later, so no parser is needed.
 */
export function writeDocument(document: TaxDocument, totals: Totals): Unsealed {
  const body = invoiceBody(document, totals)
  const { root, head, tail } = body
  return {
    hash: hash('sha256', root + head + tail, 'base64'),
    seal: seal => sealed(body, seal),
  }
}

function sealed({ root, head, tail }: Body, { signature, qr }: Seal): string {
  return [DECLARATION, root, extensions(signature), head, embedded('QR', qr), MARK, tail].join('')
}

function extensions(signature: string): string {
  return (
    `<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionURI>${SIGNATURE_METHOD}</ext:ExtensionURI><ext:ExtensionContent>` +
    '<sig:UBLDocumentSignatures xmlns:sig="urn:oasis:names:specification:ubl:schema:xsd:CommonSignatureComponents-2"' +
    ' xmlns:sac="urn:oasis:names:specification:ubl:schema:xsd:SignatureAggregateComponents-2"' +
    ' xmlns:sbc="urn:oasis:names:specification:ubl:schema:xsd:SignatureBasicComponents-2">' +
    '<sac:SignatureInformation><cbc:ID>urn:oasis:names:specification:ubl:signature:1</cbc:ID>' +
    `<sbc:ReferencedSignatureID>${SIGNATURE_ID}</sbc:ReferencedSignatureID>${signature}</sac:SignatureInformation>` +
    '</sig:UBLDocumentSignatures></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>'
  )
}

/** The hash before the first document: base64 of the hexadecimal SHA-256 of "0". */
export const FIRST_PREVIOUS_HASH = Buffer.from(hash('sha256', '0', 'hex')).toString('base64')
