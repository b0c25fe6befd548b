import { z } from 'zod'
import { ById, paging } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import { halalas } from '../../platform/money.js'
import { presentListing } from './listing-presenter.js'
import {
  CategoryList,
  CreateListing,
  EditListing,
  ListingPage,
  ListingView,
  MakeList,
  SearchListings,
} from './listing-schemas.js'
import type { ListingFields, ListingService } from './listing-service.js'

const tag = 'Listings'

export function listingOperations(listings: ListingService): Operation[] {
  return [
    operation({
      id: 'searchListings',
      method: 'get',
      path: '/listings',
      tag,
      access: 'anyone',
      summary: 'Search what is on sale, newest first',
      query: SearchListings,
      response: ListingPage,
      handle: async ({ query }) => presentPage(await listings.search(query)),
    }),
    operation({
      id: 'myListings',
      method: 'get',
      path: '/listings/mine',
      tag,
      access: ['seller'],
      summary: "The caller's own listings, drafts included",
      query: z.strictObject(paging),
      response: ListingPage,
      handle: async ({ query, actor }) => presentPage(await listings.mine(query, actor)),
    }),
    operation({
      id: 'getListing',
      method: 'get',
      path: '/listings/:id',
      tag,
      access: 'anyone',
      summary: 'A listing, with what the law wants known of its seller',
      params: ById,
      response: ListingView,
      handle: async ({ params, actor }) => presentListing(await listings.get(params.id, actor)),
    }),
    operation({
      id: 'createListing',
      method: 'post',
      path: '/listings',
      tag,
      access: ['seller'],
      status: 201,
      summary: 'Offer a part',
      body: CreateListing,
      response: ListingView,
      errors: { 'sellers.not_approved': 'conflict', 'listings.unknown_reference': 'invalid' },
      handle: async ({ body, actor }) =>
        presentListing(await listings.create(toFields(body) as ListingFields, actor)),
    }),
    operation({
      id: 'editListing',
      method: 'patch',
      path: '/listings/:id',
      tag,
      access: ['seller'],
      summary: 'Change a listing',
      params: ById,
      body: EditListing,
      response: ListingView,
      errors: {
        'sellers.not_approved': 'conflict',
        'sellers.suspended': 'conflict',
        'listings.stock_changed': 'conflict',
        'listings.unknown_reference': 'invalid',
      },
      handle: async ({ params, body, actor }) => {
        const { stockWas, ...edit } = body
        return presentListing(await listings.edit(params.id, toFields(edit), actor, stockWas))
      },
    }),
    operation({
      id: 'listMakes',
      method: 'get',
      path: '/makes',
      tag,
      access: 'anyone',
      summary: 'Car makes',
      response: MakeList,
      handle: async () => ({ items: (await listings.makes()).map(named) }),
    }),
    operation({
      id: 'listCategories',
      method: 'get',
      path: '/categories',
      tag,
      access: 'anyone',
      summary: 'The category tree',
      response: CategoryList,
      handle: async () => ({
        items: (await listings.categories()).map(row => ({ ...named(row), parentId: row.parentId })),
      }),
    }),
  ]
}

const presentPage = (page: Awaited<ReturnType<ListingService['search']>>) => ({
  items: page.items.map(presentListing),
  nextCursor: page.nextCursor,
})

const named = ({ id, nameAr, nameEn }: { id: string; nameAr: string; nameEn: string }) => ({
  id,
  name: { ar: nameAr, en: nameEn },
})

/** The wire's nested shape as the table's columns; what was not sent stays out. */
function toFields(body: Omit<z.output<typeof EditListing>, 'stockWas'>): Partial<ListingFields> {
  const { title, description, price, ...rest } = body
  const fields = {
    ...rest,
    titleAr: title?.ar,
    titleEn: title?.en,
    descriptionAr: description?.ar,
    descriptionEn: description?.en,
    priceHalalas: price && halalas(price.amount),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
