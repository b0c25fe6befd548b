import { z } from 'zod'
import { ById, paging } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import { presentListing, presentOwnCard } from './listing-presenter.js'
import { CreateListing, EditListing, ListingView, OwnListingPage, toFields } from './listing-schemas.js'
import type { ListingFields, ListingService, Seen } from './listing-service.js'

const tag = 'Listings'

/** `views`: told of each look that is not the seller's own. */
export function listingOperations(
  listings: ListingService,
  views: { seen(sellerId: string): void },
): Operation[] {
  return [
    operation({
      id: 'myListings',
      method: 'get',
      path: '/listings/mine',
      tag,
      access: ['seller'],
      scope: 'listings:read',
      summary: "The caller's own listings, drafts included",
      query: z.strictObject(paging),
      response: OwnListingPage,
      handle: async ({ query, actor }) => {
        const { items, nextCursor, at } = await listings.mine(query, actor)
        return { items: items.map(card => presentOwnCard(card, at)), nextCursor }
      },
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
      handle: async ({ params, actor, ctx }) => {
        const seen = await listings.get(params.id, actor)
        if (!seen.isOwner && ctx.method === 'GET') views.seen(seen.listing.sellerId)
        return present(seen)
      },
    }),
    operation({
      id: 'createListing',
      method: 'post',
      path: '/listings',
      tag,
      access: ['seller'],
      scope: 'listings:write',
      status: 201,
      summary: 'Offer a part',
      body: CreateListing,
      response: ListingView,
      errors: {
        'sellers.not_approved': 'conflict',
        'listings.sku_taken': 'conflict',
        'listings.unknown_reference': 'invalid',
        'listings.too_many_years': 'invalid',
      },
      handle: async ({ body, actor }) =>
        present(await listings.create(toFields(body) as ListingFields, actor)),
    }),
    operation({
      id: 'editListing',
      method: 'patch',
      path: '/listings/:id',
      tag,
      access: ['seller'],
      scope: 'listings:write',
      summary: 'Change a listing',
      params: ById,
      body: EditListing,
      response: ListingView,
      errors: {
        'sellers.not_approved': 'conflict',
        'sellers.suspended': 'conflict',
        'listings.stock_changed': 'conflict',
        'listings.sku_taken': 'conflict',
        'listings.unknown_reference': 'invalid',
        'listings.too_many_years': 'invalid',
      },
      handle: async ({ params, body, actor }) => {
        const { stockWas, ...edit } = body
        return present(await listings.edit(params.id, toFields(edit), actor, stockWas))
      },
    }),
  ]
}

const present = ({ listing, at, isOwner }: Seen) => presentListing(listing, at, isOwner)
