import type { LeafId } from '../../reference/categories.js'
import type { ModelId } from '../models.js'
import type { PartKindId } from '../part-kinds.js'

export type Condition = 'NEW' | 'USED' | 'REFURBISHED'

/**
 * One part for one car. The price is in halalas with the VAT in it, written `285_00` for 285.00 SAR; the
 * condition is the shelf's unless the row says another.
 */
export type PartRow = readonly [
  kind: PartKindId,
  model: ModelId,
  partNumber: string,
  brand: string,
  priceHalalas: number,
  condition?: Condition,
]

/** What fits any car: it carries its own words. */
export type SupplyRow = readonly [
  category: LeafId,
  titleAr: string,
  titleEn: string,
  partNumber: string,
  brand: string,
  priceHalalas: number,
]

export type Shelf = { condition: Condition; parts: readonly PartRow[]; supplies: readonly SupplyRow[] }
