import { BaseModel } from '../../platform/model.js'
import type { Halalas } from '../../platform/money.js'

/** What a seller sets. */
export const LISTING_STATUSES = ['DRAFT', 'ACTIVE', 'PAUSED', 'REMOVED'] as const
/** What it is: on sale with nothing left is sold out, until stock comes back. The database says so itself. */
export const LISTING_STATES = ['DRAFT', 'ACTIVE', 'PAUSED', 'SOLD_OUT', 'REMOVED'] as const
export const CONDITIONS = ['NEW', 'USED', 'REFURBISHED'] as const

export class Listing extends BaseModel {
  static override tableName = 'listings'
  declare sellerId: string
  /** The seller's own number for it. A listing that is removed gives it up. */
  declare sku: string | null
  declare categoryId: string
  declare titleAr: string
  declare titleEn: string
  declare descriptionAr: string
  declare descriptionEn: string
  declare partNumber: string
  declare brand: string
  declare condition: (typeof CONDITIONS)[number]
  /** What the buyer pays for one, VAT included. */
  declare priceHalalas: Halalas
  declare stock: number
  declare warrantyMonths: number | null
  declare status: (typeof LISTING_STATUSES)[number]
  declare featuredUntil: Date | null
  /** What it is found by beside its words: see keysOf. */
  declare keys: string[]
  declare updatedAt: Date
}
