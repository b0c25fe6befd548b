import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../platform/errors.js'
import { newId } from '../../../platform/ids.js'
import type { Lexicon } from '../../catalogue/lexicon.js'
import type { Reference } from '../../catalogue/reference.js'
import type { Seller } from '../../sellers/seller.js'
import { type CrossReference, conceptsOf, type Fitment, keysOf } from '../fitment.js'
import type { ListingFields } from '../listing-service.js'
import { assertMayPublish, completed } from '../listing-writing.js'
import { checkRow, type Draft, type Locale, type RowError, refusal } from './row-schemas.js'

/** A listing as the seller set it, cars and numbers as they are kept. */
export type Whole = Omit<ListingFields, 'fits' | 'crossReferences'> & {
  id: string
  fits: readonly Fitment[]
  crossReferences: readonly CrossReference[]
}
/** What is to be written: the whole listing, and which of its fields differ from what is there. */
export type Write = { listing: Whole; keys: string[]; isNew: boolean; changed: ReadonlySet<string> }
export type Plan = { errors: RowError[] } | { write: Write } | { unchanged: string }

export type Rules = {
  seller: Seller
  reference: Reference
  lexicon: Lexicon
  thisYear: number
  locale: Locale
}

/** What becomes of a row, given what the seller has under its number. Writes nothing. */
export function planRow(draft: Draft, kept: Whole | undefined, rules: Rules): Plan {
  const checked = checkRow(draft, kept === undefined, rules.locale)
  if ('errors' in checked) return checked
  const { fits, ...fields } = checked.fields
  const unapproved = fields.status === 'ACTIVE' ? mayNotPublish(rules) : undefined
  if (unapproved) return { errors: [unapproved] }
  // the cars were looked up when the row was read, in the same reference
  return compared(
    fits ? { ...fields, fits: completed(fits, rules.reference, rules.thisYear) } : fields,
    kept,
    rules,
  )
}

/** Only what is different is written, so that a file that comes again leaves no trace. */
function compared(given: Partial<Whole>, kept: Whole | undefined, { lexicon }: Rules): Plan {
  const listing = { ...(kept ?? { id: newId() }), ...given } as Whole // a new one has passed CreateListing
  const changed = new Set(
    Object.entries(given).flatMap(([name, value]) =>
      kept && isDeepStrictEqual(value, kept[name as keyof Whole]) ? [] : [name],
    ),
  )
  if (kept && changed.size === 0) return { unchanged: kept.id }
  const keys = keysOf(listing.fits, listing.crossReferences, conceptsOf(lexicon, listing), listing.categoryId)
  return { write: { listing, keys, isNew: kept === undefined, changed } }
}

function mayNotPublish({ seller, locale }: Rules): RowError | undefined {
  try {
    assertMayPublish(seller)
    return undefined
  } catch (error) {
    if (error instanceof AppError) return refusal(error, 'status', locale)
    throw error
  }
}
