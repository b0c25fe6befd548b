import { toSar } from '../../../../platform/money.js'
import type { TaxDocument } from '../document.js'
import { writeDocument } from '../sealing.js'
import type { Totals } from '../totals.js'
import type { Certificate } from './certificate.js'
import { type QrFields, qrText } from './qr-code.js'
import { type Sign, signatureOf, signatureXml } from './signature.js'

/** The unit that issues: its certificate, and the hand that signs. */
export type Signer = { certificate: Certificate; sign: Sign }

export type Signed = { xml: string; hash: string; signature: string; qr: string }

/** The final document: written, hashed, signed, with the code that proves it. `signedAt`: Riyadh time, no zone. */
export function signDocument(
  document: TaxDocument,
  totals: Totals,
  signer: Signer,
  signedAt: string,
): Signed {
  const { certificate } = signer
  const written = writeDocument(document, totals)
  const signature = signatureOf(written.hash, signer.sign)
  const qr = qrText(qrFieldsOf(document, totals), {
    hash: written.hash,
    signature,
    publicKey: certificate.spki,
    authoritySignature: document.form === 'SIMPLIFIED' ? certificate.authoritySignature : undefined,
  })
  const xml = written.seal({ signature: signatureXml(written.hash, signature, certificate, signedAt), qr })
  return { xml, hash: written.hash, signature, qr }
}

export const qrFieldsOf = ({ seller, issuedAt }: TaxDocument, totals: Totals): QrFields => ({
  sellerName: seller.name,
  vatNumber: seller.vatNumber,
  issuedAt,
  total: toSar(totals.gross),
  vat: toSar(totals.vatSar),
})
