import { z } from 'zod'
import { line, vatNumber, westernDigits } from '../../http/fields.js'
import { NationalAddress } from '../../http/national-address.js'
import { ID_SCHEMES } from './company.js'

/** The shapes ZATCA asks of some kinds of ids; of the others, letters and digits. */
const SHAPES: Partial<Record<(typeof ID_SCHEMES)[number], RegExp>> = {
  CRN: /^\d{10}$/,
  700: /^7\d{9}$/,
  TIN: /^3\d{9}$/,
  NAT: /^1\d{9}$/,
  IQA: /^2\d{9}$/,
}
const ANY = /^[A-Za-z0-9]{3,30}$/
/** Eight digits in a row that count up, count down or stay are nobody's number: ZATCA refuses them. */
const MADE_UP = /^\d*(?:01234567|12345678|23456789|76543210|87654321|98765432|(\d)\1{7})\d*$/

const OtherId = z
  .strictObject({
    scheme: z.enum(ID_SCHEMES),
    value: z.string().transform(text => westernDigits(text).trim()),
  })
  .refine(({ scheme, value }) => (SHAPES[scheme] ?? ANY).test(value), { error: 'id.shape', path: ['value'] })
  .refine(({ value }) => !MADE_UP.test(value), { error: 'id.made_up', path: ['value'] })

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
