import { conceptsOf, keysOf } from '../../api/modules/listings/fitment.js'
import type { Spelled } from '../../api/modules/listings/vocabulary.js'
import { lexicon } from '../lexicon.js'
import { listingRows } from './listings.js'

/** The demo's listings as their tables hold them. */
export const listingTableRows = listingRows.map(({ fits, ...row }) => ({
  ...row,
  keys: keysOf(fits, [], speaksOf(row), row.category_id),
}))

export const fitmentRows = listingRows.flatMap(({ id, fits }) =>
  fits.map((fit, position) => ({
    listing_id: id,
    position,
    make_id: fit.makeId,
    model_id: fit.modelId,
    engine_id: fit.engineId,
    year_from: fit.from,
    year_to: fit.to,
  })),
)

export const listingVocabulary: Spelled[] = listingRows.map(row => ({
  titleAr: row.title_ar,
  titleEn: row.title_en,
  brand: row.brand,
  numbers: [row.part_number],
}))

function speaksOf(row: Omit<(typeof listingRows)[number], 'fits'>): string[] {
  return conceptsOf(lexicon, {
    titleAr: row.title_ar,
    titleEn: row.title_en,
    brand: row.brand,
    descriptionAr: row.description_ar,
    descriptionEn: row.description_en,
  })
}
