import { z } from 'zod'
import { westernDigits } from '../platform/digits.js'
import { PAGE_DEFAULT, PAGE_MAX } from '../platform/page.js'

export { westernDigits }

/** Field shapes that many operations share. Custom messages are keys of field-texts.ts. */

// control characters but line breaks and tabs; marks that turn the direction of the text around
const CONTROL = /(?![\n\r\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f]/u
const LINE_BREAK = /[\n\r\t]/

export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(text => !CONTROL.test(text) && !LINE_BREAK.test(text), 'text.control')

export const freeText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine(text => !CONTROL.test(text), 'text.control')

export const id = z.uuid()
export const ById = z.strictObject({ id })

export const email = z
  .string()
  .trim()
  .max(254)
  .transform(text => text.toLowerCase())
  .pipe(z.email())

/** +966…, 00966…, 966…, 05… or 5…; kept as +9665xxxxxxxx. */
export const saudiMobile = z
  .string()
  .max(30)
  .transform(text => westernDigits(text).replace(/[\s().\u200e\u200f-]/g, ''))
  .transform(text => text.replace(/^(?:\+966|00966|966|0)?(5\d{8})$/, '+966$1'))
  .refine(text => /^\+9665\d{8}$/.test(text), 'phone.saudi_mobile')

export const crNumber = z
  .string()
  .transform(text => westernDigits(text).trim())
  .refine(text => /^\d{10}$/.test(text), 'cr.shape')

export const vatNumber = z
  .string()
  .transform(text => westernDigits(text).trim())
  .refine(text => /^3\d{13}3$/.test(text), 'vat.shape')

/** A price or amount as it goes over the wire, both ways. */
export const Money = z.object({
  amount: z.int().describe('whole halalas: 100 is one riyal'),
  currency: z.literal('SAR'),
})

export const Price = z.strictObject({
  amount: z.int().min(1).max(999_999_999),
  currency: z.literal('SAR').default('SAR'),
})

export const paging = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
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
