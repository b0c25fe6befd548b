import { z } from 'zod'
import { freeText, id, line, Money, Price, pageOf, paging } from '../../http/fields.js'
import { SellerView } from '../sellers/seller-schemas.js'
import { CONDITIONS, LISTING_STATUSES } from './listing.js'

const slug = z.string().regex(/^[a-z0-9-]{1,60}$/)
const fields = {
  title: z.strictObject({ ar: line(200), en: line(200) }),
  description: z.strictObject({ ar: freeText(5000).default(''), en: freeText(5000).default('') }),
  categoryId: slug,
  makeId: slug.nullable(),
  partNumber: line(60),
  brand: line(60).or(z.literal('')),
  condition: z.enum(CONDITIONS),
  price: Price.describe('VAT included'),
  stock: z.int().min(0).max(1_000_000),
  status: z.enum(LISTING_STATUSES),
}

export const CreateListing = z.strictObject({
  ...fields,
  description: fields.description.default({ ar: '', en: '' }),
  makeId: fields.makeId.default(null),
  brand: fields.brand.default(''),
  condition: fields.condition.default('NEW'),
  status: z.enum(['DRAFT', 'ACTIVE']).default('DRAFT'),
})

/** What is not sent stays as it is, one language of a text too. */
export const EditListing = z
  .strictObject({
    ...fields,
    title: fields.title.partial(),
    description: z.strictObject({ ar: freeText(5000), en: freeText(5000) }).partial(),
    stockWas: fields.stock.describe('the stock you saw: refused (409) where an order came between'),
  })
  .partial()
  .refine(edit => Object.keys(edit).some(name => name !== 'stockWas'))

export const SearchListings = z.strictObject({
  q: z.string().trim().max(100).optional(),
  category: slug.optional(),
  make: slug.optional(),
  seller: id.optional(),
  inStock: z.stringbool().default(false),
  ...paging,
})

export const ListingView = z.object({
  id: z.uuid(),
  title: z.object({ ar: z.string(), en: z.string() }),
  description: z.object({ ar: z.string(), en: z.string() }),
  categoryId: z.string(),
  makeId: z.string().nullable(),
  partNumber: z.string(),
  brand: z.string(),
  condition: z.enum(CONDITIONS),
  price: Money.describe('VAT included'),
  stock: z.int(),
  status: z.enum(LISTING_STATUSES),
  isFeatured: z.boolean(),
  seller: SellerView,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export const ListingPage = pageOf(ListingView)

const named = z.object({ id: z.string(), name: z.object({ ar: z.string(), en: z.string() }) })
export const MakeList = z.object({ items: z.array(named) })
export const CategoryList = z.object({ items: z.array(named.extend({ parentId: z.string().nullable() })) })
