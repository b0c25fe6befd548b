import { z } from 'zod'
import { line, vatNumber } from '../../http/fields.js'
import { NationalAddress } from '../../http/national-address.js'
import { westernDigits } from '../../platform/digits.js'
import { hasShapeOfScheme, isMadeUpId } from '../../platform/saudi/party-id.js'
import { ID_SCHEMES } from './company.js'

const OtherId = z
  .strictObject({
    scheme: z.enum(ID_SCHEMES),
    value: z.string().transform(text => westernDigits(text).trim()),
  })
  .refine(({ scheme, value }) => hasShapeOfScheme(scheme, value), { error: 'id.shape', path: ['value'] })
  .refine(({ value }) => !isMadeUpId(value), { error: 'id.made_up', path: ['value'] })

const fields = {
  // one field of an invoice's QR code holds 255 bytes, but that names the seller: a buyer may be longer
  name: line(255),
  vatNumber: vatNumber.nullable().default(null),
  otherId: OtherId.nullable().default(null).describe('commercial registration, unified number 700, …'),
  address: NationalAddress,
}

export const KeepCompany = z.strictObject(fields).refine(({ vatNumber, otherId }) => vatNumber || otherId, {
  error: 'company.unidentified',
  path: ['vatNumber'],
})

export const CompanyView = z.object({
  name: z.string(),
  vatNumber: z.string().nullable(),
  otherId: z.object({ scheme: z.enum(ID_SCHEMES), value: z.string() }).nullable(),
  address: NationalAddress,
})
