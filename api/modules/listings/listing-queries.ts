import type { Statement } from '../../platform/reads.js'

/** What a card in a list of listings shows. Reads listings (l) and sellers (s). */
export const CARD = `
  l.id, l.title_ar as "titleAr", l.title_en as "titleEn", l.category_id as "categoryId",
  l.part_number as "partNumber", l.brand, l.condition, l.price_halalas as "priceHalalas", l.stock, l.state,
  l.warranty_months as "warrantyMonths", l.featured_until as "featuredUntil", l.created_at as "createdAt",
  l.photos->0 as photo,
  l.seller_id as "sellerId", s.trade_name as "tradeName", s.cr_number as "crNumber", s.vat_number as "vatNumber", s.city`

/** Only an approved seller sells: what others have on sale is seen by nobody else, and is theirs to have again. */
export const CARDS = `select ${CARD}, l.seq from listings l
  join sellers s on s.id = l.seller_id and s.sells`

/** What a seller has on sale while he may not sell is paused, to himself. It is not written: it ends by itself. */
const OWN_CARD = CARD.replace(
  'l.state,',
  `case when not s.sells and l.state in ('ACTIVE', 'SOLD_OUT') then 'PAUSED' else l.state end as state,`,
)

/** A seller's own, whatever their state, newest first. */
export const OWN_CARDS: Statement = {
  name: 'listings-own',
  text: `select ${OWN_CARD}, l.seq, l.sku from listings l join sellers s on s.id = l.seller_id
    where l.seller_id = $1 and l.status <> 'REMOVED' and l.seq < coalesce($2, 9223372036854775807)
    order by l.seq desc limit $3`,
}

/** The cars a listing (l) fits, and the numbers it has elsewhere. */
export const FITS = `(
  select coalesce(json_agg(json_build_object('makeId', f.make_id, 'modelId', f.model_id,
    'from', f.year_from, 'to', f.year_to, 'engineId', f.engine_id) order by f.position), '[]')
  from listing_fitments f where f.listing_id = l.id)`
export const NUMBERS = `(
  select coalesce(json_agg(json_build_object('kind', n.kind, 'number', n.number) order by n.position), '[]')
  from listing_numbers n where n.listing_id = l.id)`

/** Listings whole, in one round trip. Reads listings, sellers, listing_fitments and listing_numbers. */
export const DETAIL: Statement = {
  name: 'listings-detail',
  text: `
    select ${OWN_CARD}, l.sku, l.description_ar as "descriptionAr", l.description_en as "descriptionEn", l.updated_at as "updatedAt",
      s.legal_name as "legalName", s.status as "sellerStatus", s.owner_id as "ownerId",
      l.photos, ${FITS} as fits, ${NUMBERS} as "crossReferences"
    from listings l join sellers s on s.id = l.seller_id where l.id = any($1::uuid[])`,
}
