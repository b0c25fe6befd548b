import type { Halalas } from '../../platform/money.js'
import { VAT_STANDARD } from '../../platform/money.js'
import type { NationalAddress } from '../../platform/national-address.js'
import { addressOf, type Link, registration } from './invoice-document.js'
import { ofHalalas, ofWhole } from './zatca/decimal.js'
import type { Seller, TaxDocument } from './zatca/document.js'
import { writable } from './zatca/ubl/element.js'

export type Commission = {
  number: string
  uuid: string
  /** Riyadh time: `2026-03-01T14:05:09`. */
  issuedAt: string
  /** The days it is for, first and last. */
  period: { from: string; until: string }
  /** What is charged, without VAT. */
  items: readonly { name: string; net: Halalas }[]
  platform: Seller
  seller: {
    legalName: string
    crNumber: string
    vatNumber: string | null
    address: NationalAddress
  }
}

/**
 * The platform's own tax invoice to a seller, over what it charges for a time: the platform is the supplier and issues it
 * itself. A seller without a VAT number is named by the commercial registration.
 */
export function commissionDocument(commission: Commission, link: Link): TaxDocument {
  const { seller, period, items, ...rest } = commission
  return {
    kind: 'INVOICE',
    form: 'TAX',
    flags: { summary: true },
    number: rest.number,
    uuid: rest.uuid,
    issuedAt: rest.issuedAt,
    ...link,
    seller: rest.platform,
    buyer: {
      name: writable(seller.legalName),
      vatNumber: seller.vatNumber,
      id: registration(seller.crNumber),
      address: addressOf(seller.address),
    },
    supply: period,
    payment: { code: '1' },
    lines: items.map(({ name, net }) => ({
      name: writable(name),
      quantity: ofWhole(1),
      unitPrice: ofHalalas(net),
      vat: { rate: VAT_STANDARD },
    })),
  }
}
