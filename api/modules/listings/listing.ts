import { BaseModel } from '../../platform/model.js'
import type { Halalas } from '../../platform/money.js'

export const LISTING_STATUSES = ['DRAFT', 'ACTIVE', 'PAUSED', 'REMOVED'] as const
export const CONDITIONS = ['NEW', 'USED', 'REFURBISHED'] as const

export class Listing extends BaseModel {
  static override tableName = 'listings'
  declare sellerId: string
  declare categoryId: string
  declare makeId: string | null
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
  declare status: (typeof LISTING_STATUSES)[number]
  declare featuredUntil: Date | null
  declare updatedAt: Date
}
