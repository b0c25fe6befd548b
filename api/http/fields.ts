import { z } from 'zod'
import { westernDigits } from '../platform/digits.js'
import { PAGE_DEFAULT, PAGE_MAX } from '../platform/page.js'
import {
  readAdditionalNumber,
  readBuildingNumber,
  readPostalCode,
  readShortAddress,
} from '../platform/saudi/address.js'
import { readCommercialRegistration } from '../platform/saudi/commercial-registration.js'
import { readDay } from '../platform/saudi/hijri.js'
import { readIban } from '../platform/saudi/iban.js'
import { readMobile } from '../platform/saudi/mobile.js'
import { readNationalId } from '../platform/saudi/national-id.js'
import { LEAST_PRICE, MOST_PRICE } from '../platform/saudi/price.js'
import { type Reader, type Reading, readDigits } from '../platform/saudi/reading.js'
import { readArabicLine, readArabicText, readFreeText, readLine } from '../platform/saudi/text.js'
import { readVatNumber } from '../platform/saudi/vat-number.js'

/** Field shapes that many operations share. What Saudi values are, platform/saudi says. */

/** A text in the one form that its reader gives it, or the reader's complaint: a key of field-texts.ts. */
export const reading = <T>(reader: Reader<T>, longest = 60) =>
  z
    .string()
    .max(longest)
    .transform((text, context) => {
      const { value, problem } = reader(text)
      if (problem === undefined) return value as T
      context.addIssue({ code: 'custom', message: problem })
      return z.NEVER
    })

/** The same, where the number alone is wanted of what is read. */
const numberOf =
  <T extends { number: string }>(reader: Reader<T>): Reader =>
  text => {
    const { value, problem } = reader(text)
    return problem === undefined ? { value: (value as T).number } : { problem }
  }

/** How long it may be, and that it must not be empty, zod says in its own words. */
const text = (least: 0 | 1, max: number, reader: (text: string, most: number) => Reading) =>
  z
    .string()
    .trim()
    .min(least)
    .max(max)
    .superRefine((value, context) => {
      const { problem } = value === '' ? {} : reader(value, Infinity)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })

export const line = (max: number) => text(1, max, readLine)
export const freeText = (max: number) => text(0, max, readFreeText)
/** For what has a field of its own in each language: the Arabic one. */
export const arabicLine = (max: number) => text(1, max, readArabicLine)
export const arabicText = (max: number) => text(0, max, readArabicText)

/** Why something is done to somebody: it stands in the audit trail. */
export const reason = freeText(500).refine(text => [...text].length >= 3, 'reason.too_short')

export const id = z.uuid()
export const ById = z.strictObject({ id })

export const email = z
  .string()
  .trim()
  .max(254)
  .transform(text => text.toLowerCase())
  .pipe(z.email())

/** +966…, 00966…, 966…, 05… or 5…; kept as +9665xxxxxxxx. */
export const saudiMobile = reading(readMobile)
export const nationalId = reading(numberOf(readNationalId))
export const crNumber = reading(numberOf(readCommercialRegistration))
export const vatNumber = reading(numberOf(readVatNumber))
export const iban = reading(numberOf(readIban))
export const day = reading(readDay)
/** Six digits, as an authenticator or an SMS shows them. */
export const sixDigits = reading(text => readDigits(text, 6, 'code.shape'), 20)
export const buildingNumber = reading(readBuildingNumber)
export const postalCode = reading(readPostalCode)
export const additionalNumber = reading(readAdditionalNumber)
export const shortAddress = reading(readShortAddress)

/** A price or amount as it goes over the wire, both ways. */
export const Money = z.object({
  amount: z.int().describe('whole halalas: 100 is one riyal'),
  currency: z.literal('SAR'),
})

export const Price = z.strictObject({
  amount: z.int().min(LEAST_PRICE).max(MOST_PRICE),
  currency: z.literal('SAR').default('SAR'),
})

/** What stands in an address as text: a number or a day that may be typed in Arabic digits. */
export const typed = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (typeof value === 'string' ? westernDigits(value) : value), schema)

export const paging = {
  limit: typed(z.coerce.number().int().min(1).max(PAGE_MAX)).default(PAGE_DEFAULT),
  cursor: z.string().min(1).max(300).optional(),
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Days in Riyadh, both in; see platform/days.ts for what is left out. */
export const dayRange = {
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
}

export const instant = z.iso.datetime().nullable()
export const iso = (at: Date | null): string | null => at?.toISOString() ?? null
