import { z } from 'zod'
import { id, paging, typed } from '../../http/fields.js'
import { LEAST_PRICE, MOST_PRICE } from '../../platform/saudi/price.js'
import { searchText } from '../../platform/saudi/search-text.js'
import { slug, year } from '../catalogue/catalogue-schemas.js'
import { ListingCard, ListingFilters } from '../listings/listing-schemas.js'
import { SORTS } from './positions.js'

const halalas = typed(z.coerce.number().int().min(LEAST_PRICE).max(MOST_PRICE))

export const ListingSearch = z
  .strictObject({
    q: z
      .string()
      .transform(searchText)
      .optional()
      .describe('words, part numbers, cars, in any mixture; what is beyond 100 characters is not looked at'),
    category: slug.optional().describe('with all below it'),
    brand: z.string().trim().min(1).max(60).optional(),
    make: slug.optional(),
    vehicle: slug.optional().describe('the id of a model: see /vehicles'),
    year: year.optional().describe('what fits the vehicle in this year'),
    engine: slug.optional().describe('what fits the vehicle with this engine'),
    ...ListingFilters,
    priceFrom: halalas.optional().describe('halalas'),
    priceTo: halalas.optional().describe('halalas'),
    seller: id.optional(),
    inStock: z.stringbool().default(false),
    featured: z.stringbool().default(false),
    sort: z.enum(SORTS).optional().describe('relevance where there are words, newest otherwise'),
    facets: z.stringbool().default(false).describe('count what is found by category, brand and condition'),
    ...paging,
  })
  .refine(({ vehicle, year, engine }) => vehicle || (year === undefined && engine === undefined), {
    path: ['vehicle'],
    message: 'search.vehicle_needed',
  })
  .refine(
    ({ priceFrom, priceTo }) => priceFrom === undefined || priceTo === undefined || priceFrom <= priceTo,
    {
      path: ['priceTo'],
      message: 'search.price_range',
    },
  )

const counts = z.array(z.object({ value: z.string(), count: z.int() }))
export const SearchResults = z.object({
  items: z.array(ListingCard),
  nextCursor: z.string().nullable(),
  isMended: z.boolean().describe('nothing was found as typed; this is what was probably meant'),
  facets: z
    .object({
      isComplete: z.boolean().describe('false: there is more; the counts are of the newest thousand or so'),
      count: z.int(),
      price: z.object({ lowest: z.int(), highest: z.int() }).nullable().describe('halalas'),
      categories: counts,
      brands: counts,
      conditions: counts,
    })
    .optional(),
})
