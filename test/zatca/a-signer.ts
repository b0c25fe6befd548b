import { generateKeyPairSync, sign } from 'node:crypto'
import type { TaxDocument } from '../../api/modules/invoices/zatca/document.js'
import { readCertificate } from '../../api/modules/invoices/zatca/signing/certificate.js'
import { type CsrSubject, certificateRequest } from '../../api/modules/invoices/zatca/signing/csr.js'
import {
  type Signed,
  type Signer,
  signDocument,
} from '../../api/modules/invoices/zatca/signing/sign-document.js'
import { totalsOf } from '../../api/modules/invoices/zatca/totals.js'
import { createAuthority } from '../../api/sandbox/zatca/authority.js'
import { readRequest } from '../../api/sandbox/zatca/csr.js'

/** A unit of tests: its key, and a certificate of the sandbox's authority. */

export const SUBJECT: CsrSubject = {
  environment: 'sandbox',
  commonName: 'CargoParts 1001',
  serial: { solution: 'CargoParts', model: 'API', number: '01976a3e-5c1f-7c3a-9d2e-4b5a6c7d8e9f' },
  vatNumber: '310175397400003',
  organization: 'شركة قطع الخليج المحدودة',
  unit: 'الرياض',
  country: 'SA',
  issues: { tax: true, simplified: true },
  location: 'RRRD2929',
  industry: 'Car parts',
}
export const SIGNED_AT = '2026-03-01T14:05:10'
/** Long before any document of the tests, so that certificates are older than what they sign. */
const CERTIFIED = new Date('2026-01-01T00:00:00Z')

export function aKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  return {
    privateKey,
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes: Buffer) => sign('sha256', bytes, privateKey),
  }
}

export function aSigner(): Signer {
  const key = aKey()
  const request = readRequest(certificateRequest(SUBJECT, key.spki, key.sign))
  const certificate = readCertificate(createAuthority(() => CERTIFIED).certify(request))
  return { certificate, sign: key.sign }
}

export const signed = (document: TaxDocument, signer: Signer): Signed =>
  signDocument(document, totalsOf(document), signer, SIGNED_AT)
