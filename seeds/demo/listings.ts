import type { LeafId } from '../reference/categories.js'
import { type MakeId, makes } from '../reference/makes.js'
import { type ModelId, modelRows } from '../reference/vehicles.js'
import { stableId, stableNumber } from '../stable-id.js'
import { models } from './models.js'
import { partKinds } from './part-kinds.js'
import { type SellerKey, sellerEntries, sellerId } from './sellers.js'
import type { Condition, PartRow, SupplyRow } from './shelves/shelf.js'
import { drafts, featured, paused } from './shop-window.js'

const FIRST_AT = Date.parse('2026-01-18T06:00:00Z')
const SPREAD_MINUTES = 90 * 24 * 60
const FEATURED_UNTIL = new Date('2031-01-01T00:00:00Z') // far off: a demo should not lose its front page

/** The makes' own parts labels; any other brand is somebody else's part. */
const GENUINE: ReadonlySet<string> = new Set([
  ...Object.values(makes).map(([, nameEn]) => nameEn),
  ...['Mobis', 'Motorcraft', 'GM', 'ACDelco', 'Mopar'],
])

const MAKE_OF: ReadonlyMap<ModelId, MakeId> = new Map(modelRows.map(row => [row.id, row.make_id]))

const CONDITION: Record<Condition, readonly [ar: string, en: string]> = {
  NEW: ['الحالة: جديد بالكرتون.', 'Condition: new, boxed.'],
  USED: ['الحالة: مستعمل نظيف، مفحوص وبدون كسور.', 'Condition: used, inspected, nothing broken.'],
  REFURBISHED: ['الحالة: مجدد ومفحوص على الجهاز.', 'Condition: refurbished and bench-tested.'],
}

type Words = { title_ar: string; title_en: string; description_ar: string; description_en: string }
type Fit = { makeId: MakeId; modelId: ModelId; from: number; to: number; engineId: null }
type Offer = {
  fits: Fit[]
  category_id: LeafId
  part_number: string
  brand: string
  condition: Condition
  price_halalas: number
}

export type ListingRow = ReturnType<typeof listingRow>

export const listingRows: ListingRow[] = sellerEntries.flatMap(([seller, { shelf }]) => [
  ...shelf.parts.map(part =>
    listingRow(seller, partOffer(part, shelf.condition), partWords(part, shelf.condition)),
  ),
  ...shelf.supplies.map(supply => listingRow(seller, supplyOffer(supply), supplyWords(supply))),
])

/** The one place that knows what a seller offers under a part number. */
export function listingOf(seller: SellerKey, partNumber: string): ListingRow {
  const found = listingRows.find(row => row.seller_id === sellerId(seller) && row.part_number === partNumber)
  if (!found) throw new Error(`${seller} has no part ${partNumber}`)
  return found
}

function listingRow(seller: SellerKey, offer: Offer, words: Words) {
  const name = `listing:${seller}:${offer.part_number}`
  const at = new Date(FIRST_AT + stableNumber(`${name}:at`, SPREAD_MINUTES) * 60_000)
  return {
    id: stableId(name, at),
    seller_id: sellerId(seller),
    ...offer,
    ...words,
    // a breaker's yard has few of each
    stock: 20 + stableNumber(`${name}:stock`, offer.condition === 'NEW' ? 381 : 31),
    status: paused.has(offer.part_number) ? 'PAUSED' : drafts.has(offer.part_number) ? 'DRAFT' : 'ACTIVE',
    featured_until: featured.has(offer.part_number) ? FEATURED_UNTIL : null,
    created_at: at,
    updated_at: at,
  }
}

function makeOf(id: ModelId): MakeId {
  const make = MAKE_OF.get(id)
  if (!make) throw new Error(`there is no model ${id}`)
  return make
}

function partOffer([kind, model, partNumber, brand, price, condition]: PartRow, usual: Condition): Offer {
  const [modelId, , , from, to] = models[model]
  return {
    fits: [{ makeId: makeOf(modelId), modelId, from, to, engineId: null }],
    category_id: partKinds[kind][0],
    part_number: partNumber,
    brand,
    condition: condition ?? usual,
    price_halalas: price,
  }
}

function partWords([kind, model, partNumber, brand, , condition]: PartRow, usual: Condition): Words {
  const [, kindAr, kindEn, noteAr, noteEn] = partKinds[kind]
  const [reference, modelAr, modelEn, from, to] = models[model]
  const [makeAr, makeEn] = makes[makeOf(reference)]
  const [conditionAr, conditionEn] = CONDITION[condition ?? usual]
  const [originAr, originEn] = GENUINE.has(brand)
    ? [`قطعة أصلية (${brand}).`, `Genuine part (${brand}).`]
    : [`من إنتاج ${brand}.`, `Made by ${brand}.`]
  return {
    // spaces around the dash: without them full-text search reads 2017 as a negative number
    title_ar: `${kindAr} ${makeAr} ${modelAr} موديل ${from} - ${to}`,
    title_en: `${kindEn} for ${makeEn} ${modelEn} ${from} - ${to}`,
    description_ar: `${noteAr} ${originAr} ${conditionAr} تأكد من مطابقة رقم القطعة ${partNumber} أو أرسل رقم الهيكل قبل الطلب.`,
    description_en: `${noteEn} ${originEn} ${conditionEn} Check the part number ${partNumber}, or send your VIN, before you order.`,
  }
}

function supplyOffer([category, , , partNumber, brand, price]: SupplyRow): Offer {
  return {
    category_id: category,
    fits: [],
    part_number: partNumber,
    brand,
    condition: 'NEW',
    price_halalas: price,
  }
}

function supplyWords([, titleAr, titleEn, partNumber, brand]: SupplyRow): Words {
  return {
    title_ar: titleAr,
    title_en: titleEn,
    description_ar: `من ${brand}، رقم الصنف ${partNumber}. تأكد من المواصفة المكتوبة في كتيب سيارتك.`,
    description_en: `By ${brand}, article ${partNumber}. Check the specification in your car's handbook.`,
  }
}
