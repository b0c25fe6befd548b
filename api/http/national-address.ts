import { z } from 'zod'
import { westernDigits } from '../platform/digits.js'
import { line } from './fields.js'

const digits = (count: number) =>
  z
    .string()
    .max(20)
    .transform(text => westernDigits(text).trim())
    .pipe(z.string().regex(new RegExp(`^\\d{${count}}$`)))

/** The Saudi national address (SPL), as a tax document states it. */
export const NationalAddress = z.strictObject({
  buildingNumber: digits(4),
  street: line(127),
  district: line(127),
  city: line(60),
  postalCode: digits(5),
  additionalNumber: digits(4).optional(),
})
