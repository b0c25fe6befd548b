import { z } from 'zod'
import { additionalNumber, buildingNumber, line, postalCode } from './fields.js'

/** The Saudi national address (SPL), as a tax document states it. */
export const NationalAddress = z.strictObject({
  buildingNumber: buildingNumber,
  street: line(127),
  district: line(127),
  city: line(60),
  postalCode: postalCode,
  additionalNumber: additionalNumber.optional(),
})
