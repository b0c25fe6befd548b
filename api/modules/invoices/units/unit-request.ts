import { readVatNumber } from '../../../platform/saudi/vat-number.js'
import type { Seller } from '../../sellers/seller.js'
import { type CsrSubject, FORBIDDEN, type ZatcaEnvironment } from '../zatca/signing/csr.js'

const MOST_LETTERS = 64
const SOLUTION = 'CargoParts'
const MODEL = 'API'
const INDUSTRY = 'Car parts'

/** What a seller's unit says of itself when it asks for a certificate. `number` is the unit's own. */
export function subjectOf(seller: Seller, environment: ZatcaEnvironment, number: string): CsrSubject {
  const { vatNumber, address } = seller
  if (vatNumber === null || address === null)
    throw new Error(`seller ${seller.id} has no VAT number or no address, and so no unit`)
  const { value: registered } = readVatNumber(vatNumber)
  return {
    environment,
    commonName: `CargoParts ${seller.series} ${vatNumber}`,
    serial: { solution: SOLUTION, model: MODEL, number },
    vatNumber,
    organization: plain(seller.legalName),
    unit: registered?.isGroup ? registered.tin : plain(address.city),
    country: 'SA',
    issues: { tax: true, simplified: true },
    location: plain(`${address.buildingNumber} ${address.street}, ${address.postalCode}`),
    industry: INDUSTRY,
  }
}

/** Without the marks ZATCA refuses: what the certificate is called is compared with nothing. */
function plain(text: string): string {
  const kept = text.replace(new RegExp(FORBIDDEN.source, 'g'), ' ').replace(/\s+/g, ' ').trim()
  return Array.from(kept).slice(0, MOST_LETTERS).join('').trim() || 'CargoParts'
}
