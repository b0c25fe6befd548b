import { z } from 'zod'
import { crNumber, line, vatNumber } from '../../http/fields.js'
import { NationalAddress } from '../../http/national-address.js'
import { SELLER_STATUSES } from './seller-states.js'

export { SELLER_STATUSES }

/** What a seller is known by. */
export const sellerFields = {
  tradeName: line(120),
  // one field of an invoice's QR code holds 255 bytes; an Arabic letter takes two
  legalName: line(255).refine(name => Buffer.byteLength(name) <= 255, 'text.too_long_in_bytes'),
  crNumber: crNumber.describe('of the commercial register, or the unified number that begins with 7'),
  vatNumber: vatNumber.nullable().describe('null: not registered for VAT'),
  city: line(60),
}
export const ApplyAsSeller = z.strictObject({
  ...sellerFields,
  vatNumber: sellerFields.vatNumber.default(null),
})

export const SellerAddressView = z.object({
  address: NationalAddress.nullable().describe('null: not said yet'),
})

/** What the law wants shown beside an offer (E-Commerce Law): trade name, CR and VAT number. */
export const SellerView = z.object({
  id: z.uuid(),
  tradeName: z.string(),
  legalName: z.string(),
  crNumber: z.string(),
  vatNumber: z.string().nullable(),
  city: z.string(),
  status: z.enum(SELLER_STATUSES),
})
