import type { z } from 'zod'
import { halalas, money } from '../../platform/money.js'
import type { SellerStatus } from '../sellers/seller-states.js'
import type { CrossReference, Fitment } from './fitment.js'
import type { CONDITIONS, LISTING_STATES } from './listing.js'
import type { ListingCard, ListingView } from './listing-schemas.js'
import { type Photo, presentPhoto } from './photos/photo.js'

/** A row of listing-queries' CARD. */
export type CardRow = {
  id: string
  seq: number
  titleAr: string
  titleEn: string
  categoryId: string
  partNumber: string
  brand: string
  condition: (typeof CONDITIONS)[number]
  priceHalalas: number
  stock: number
  state: (typeof LISTING_STATES)[number]
  warrantyMonths: number | null
  featuredUntil: Date | null
  createdAt: Date
  photo: Photo | null
  sellerId: string
  tradeName: string
  crNumber: string
  vatNumber: string | null
  city: string
}

/** A row of listing-queries' OWN_CARDS. */
export type OwnCardRow = CardRow & { sku: string | null }

/** A row of listing-queries' DETAIL. */
export type DetailRow = OwnCardRow & {
  descriptionAr: string
  descriptionEn: string
  updatedAt: Date
  legalName: string
  sellerStatus: SellerStatus
  ownerId: string
  photos: Photo[]
  fits: Fitment[]
  crossReferences: CrossReference[]
}

/** What a list shows: everything to choose by, with the seller's numbers the E-Commerce Law wants seen. */
export function presentCard(row: CardRow, at: Date): z.infer<typeof ListingCard> {
  return {
    id: row.id,
    title: { ar: row.titleAr, en: row.titleEn },
    categoryId: row.categoryId,
    partNumber: row.partNumber,
    brand: row.brand,
    condition: row.condition,
    price: money(halalas(row.priceHalalas)),
    stock: row.stock,
    status: row.state,
    warrantyMonths: row.warrantyMonths,
    photo: row.photo && presentPhoto(row.photo),
    isFeatured: row.featuredUntil !== null && row.featuredUntil > at,
    seller: {
      id: row.sellerId,
      tradeName: row.tradeName,
      crNumber: row.crNumber,
      vatNumber: row.vatNumber,
      city: row.city,
    },
    createdAt: row.createdAt.toISOString(),
  }
}

/** How its seller sees it in a list. */
export const presentOwnCard = (row: OwnCardRow, at: Date) => ({ ...presentCard(row, at), sku: row.sku })

/** A seller's own numbers are no business of the public. */
export async function presentListing(
  row: DetailRow,
  at: Date,
  isOwner: boolean,
): Promise<z.infer<typeof ListingView>> {
  // loaded with the first listing: a tenth of a second that commands do not wait for
  const { shownAsHtml } = await import('../../platform/saudi/html.js')
  const card = presentCard(row, at)
  return {
    ...card,
    ...(isOwner ? { sku: row.sku } : {}),
    description: { ar: row.descriptionAr, en: row.descriptionEn },
    descriptionHtml: { ar: shownAsHtml(row.descriptionAr), en: shownAsHtml(row.descriptionEn) },
    photos: row.photos.map(presentPhoto),
    crossReferences: row.crossReferences,
    fits: row.fits,
    featuredUntil: row.featuredUntil?.toISOString() ?? null,
    seller: { ...card.seller, legalName: row.legalName, status: row.sellerStatus },
    updatedAt: row.updatedAt.toISOString(),
  }
}
