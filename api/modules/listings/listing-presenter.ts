import type { z } from 'zod'
import { money } from '../../platform/money.js'
import type { Seller } from '../sellers/seller.js'
import { presentSeller } from '../sellers/seller-presenter.js'
import type { Listing } from './listing.js'
import type { ListingView } from './listing-schemas.js'

export type Offer = { listing: Listing; seller: Seller; now: Date }

export function presentListing({ listing, seller, now }: Offer): z.infer<typeof ListingView> {
  return {
    id: listing.id,
    title: { ar: listing.titleAr, en: listing.titleEn },
    description: { ar: listing.descriptionAr, en: listing.descriptionEn },
    categoryId: listing.categoryId,
    makeId: listing.makeId,
    partNumber: listing.partNumber,
    brand: listing.brand,
    condition: listing.condition,
    price: money(listing.priceHalalas),
    stock: listing.stock,
    status: listing.status,
    isFeatured: listing.featuredUntil !== null && listing.featuredUntil > now,
    seller: presentSeller(seller),
    createdAt: listing.createdAt.toISOString(),
    updatedAt: listing.updatedAt.toISOString(),
  }
}
