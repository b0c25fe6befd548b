import { z } from 'zod'
import { arabicLine, arabicText, freeText, line, Money, Price, pageOf } from '../../http/fields.js'
import { halalas } from '../../platform/money.js'
import { slug } from '../catalogue/catalogue-schemas.js'
import { SellerView } from '../sellers/seller-schemas.js'
import { REFERENCE_KINDS } from './fitment.js'
import { CONDITIONS, LISTING_STATES, LISTING_STATUSES } from './listing.js'
import type { ListingFields } from './listing-service.js'
import { PhotoView } from './photos/photo.js'

/** Each year is a key the listing is found by; no car was built for longer. */
const LONGEST_SPAN = 60
const modelYear = z.int().min(1950).max(2100)
/** A model, in all its years unless some are named; or a make, for what fits all its cars. */
const Fits = z
  .strictObject({
    makeId: slug.optional(),
    modelId: slug.optional(),
    from: modelYear.optional(),
    to: modelYear.optional(),
    engineId: slug.optional(),
  })
  .refine(({ makeId, modelId }) => makeId || modelId, { path: ['modelId'], message: 'fits.nothing' })
  .refine(({ modelId, from, to, engineId }) => modelId || !(from || to || engineId), {
    path: ['modelId'],
    message: 'fits.make_alone',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'fits.years',
  })
  .refine(({ from = 1980, to = from }) => from < 1950 || to - from <= LONGEST_SPAN, {
    path: ['to'],
    message: 'fits.span',
  })
const CrossReference = z.strictObject({
  kind: z.enum(REFERENCE_KINDS).default('OEM'),
  number: line(60).refine(number => /[\p{L}\p{N}]/u.test(number), 'number.empty'),
})

const fields = {
  sku: line(60).nullable().describe("the seller's own number; one listing each"),
  title: z.strictObject({ ar: arabicLine(200), en: line(200) }),
  description: z.strictObject({ ar: arabicText(5000).default(''), en: freeText(5000).default('') }),
  categoryId: slug,
  partNumber: line(60),
  crossReferences: z.array(CrossReference).max(50).describe('numbers the same part has elsewhere'),
  fits: z.array(Fits).max(50).describe('the cars it fits; none where it is not said'),
  brand: line(60).or(z.literal('')),
  condition: z.enum(CONDITIONS),
  price: Price.describe('VAT included'),
  stock: z.int().min(0).max(1_000_000),
  warrantyMonths: z.int().min(0).max(120).nullable(),
  status: z.enum(LISTING_STATUSES),
}

export const CreateListing = z.strictObject({
  ...fields,
  sku: fields.sku.default(null),
  description: fields.description.default({ ar: '', en: '' }),
  crossReferences: fields.crossReferences.default([]),
  fits: fields.fits.default([]),
  brand: fields.brand.default(''),
  condition: fields.condition.default('NEW'),
  warrantyMonths: fields.warrantyMonths.default(null),
  status: z.enum(['DRAFT', 'ACTIVE']).default('DRAFT'),
})

/** What is not sent stays as it is, one language of a text too. */
export const EditListing = z
  .strictObject({
    ...fields,
    title: fields.title.partial(),
    description: z.strictObject({ ar: arabicText(5000), en: freeText(5000) }).partial(),
    stockWas: fields.stock.describe('the stock you saw: refused (409) where an order came between'),
  })
  .partial()
  .refine(edit => Object.keys(edit).some(name => name !== 'stockWas'))

/** The wire's nested shape as the table's columns; what was not sent stays out. */
export function toFields(body: Omit<z.output<typeof EditListing>, 'stockWas'>): Partial<ListingFields> {
  const { title, description, price, ...rest } = body
  const all = {
    ...rest,
    titleAr: title?.ar,
    titleEn: title?.en,
    descriptionAr: description?.ar,
    descriptionEn: description?.en,
    priceHalalas: price && halalas(price.amount),
  }
  // a plain loop: an import does this a hundred thousand times
  const sent: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(all)) if (value !== undefined) sent[name] = value
  return sent
}

export const ListingFilters = { condition: z.enum(CONDITIONS).optional() }

const SellerCard = SellerView.pick({ id: true, tradeName: true, crNumber: true, vatNumber: true, city: true })

export const ListingCard = z.object({
  id: z.uuid(),
  title: z.object({ ar: z.string(), en: z.string() }),
  categoryId: z.string(),
  partNumber: z.string(),
  brand: z.string(),
  condition: z.enum(CONDITIONS),
  price: Money.describe('VAT included'),
  stock: z.int(),
  status: z
    .enum(LISTING_STATES)
    .describe('SOLD_OUT: on sale, with nothing left; PAUSED also while its seller may not sell'),
  warrantyMonths: z.int().nullable(),
  photo: PhotoView.nullable().describe('the first of its photos'),
  isFeatured: z.boolean(),
  seller: SellerCard,
  createdAt: z.iso.datetime(),
})
export const ListingPage = pageOf(ListingCard)
export const OwnListingPage = pageOf(ListingCard.extend({ sku: z.string().nullable() }))

export const ListingView = ListingCard.extend({
  sku: z.string().nullable().optional().describe('to its own seller only'),
  description: z.object({ ar: z.string(), en: z.string() }).describe('as it was written: escape it'),
  descriptionHtml: z
    .object({ ar: z.string(), en: z.string() })
    .describe('the same for a page: simple tags without attributes, all else escaped'),
  photos: z.array(PhotoView),
  crossReferences: z.array(z.object({ kind: z.enum(REFERENCE_KINDS), number: z.string() })),
  fits: z.array(
    z.object({
      makeId: z.string(),
      modelId: z.string().nullable().describe('null: every car of the make'),
      from: z.int().nullable(),
      to: z.int().nullable(),
      engineId: z.string().nullable().describe('null: whatever the engine'),
    }),
  ),
  featuredUntil: z.iso.datetime().nullable(),
  seller: SellerView,
  updatedAt: z.iso.datetime(),
})
