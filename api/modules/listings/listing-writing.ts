import type { Trx } from '../../platform/database.js'
import { isForeignKeyViolation, isUniqueViolation } from '../../platform/driver-errors.js'
import { AppError } from '../../platform/errors.js'
import type { Reference } from '../catalogue/reference.js'
import type { Seller } from '../sellers/seller.js'
import type { CrossReference, Fitment } from './fitment.js'

export type WantedFitment = {
  makeId?: string | undefined
  modelId?: string | undefined
  from?: number | undefined
  to?: number | undefined
  engineId?: string | undefined
}

/** Each year of each model is a key the listing is found by. */
const MOST_YEARS = 1_000

/** Fitments as they are kept: the make of each model, and its years where none are named. */
export function completed(
  fits: readonly WantedFitment[],
  { models, engines }: Reference,
  thisYear: number,
): Fitment[] {
  const kept = fits.map(({ makeId, modelId, from, to, engineId = null }) => {
    if (modelId === undefined)
      return { makeId: makeId as string, modelId: null, from: null, to: null, engineId: null }
    const model = models.find(({ id }) => id === modelId)
    if (!model || (makeId !== undefined && makeId !== model.makeId)) throw unknownReference()
    const engine = engineId === null ? undefined : engines.find(({ id }) => id === engineId)
    if (engineId !== null && engine?.modelId !== modelId) throw unknownReference()
    // what is still sold is sold as next year's model too
    const last = Math.min(model.yearTo ?? thisYear + 1, engine?.yearTo ?? Infinity)
    const first = Math.max(model.yearFrom, engine?.yearFrom ?? 0)
    const years = { from: from ?? Math.min(first, to ?? first), to: to ?? Math.max(last, from ?? last) }
    return { makeId: model.makeId, modelId, ...years, engineId }
  })
  const years = kept.reduce(
    (sum, { from, to }) => sum + (from === null || to === null ? 0 : to - from + 1),
    0,
  )
  if (years <= MOST_YEARS) return kept
  throw new AppError(
    'invalid',
    'listings.too_many_years',
    `The cars it fits have ${years} years together; ${MOST_YEARS} is the most.`,
    { most: MOST_YEARS },
  )
}

/** Drafts are for everybody who applied; what is put on sale is for those an officer approved. */
export function assertMayPublish(seller: Seller): void {
  if (seller.status !== 'APPROVED') {
    throw new AppError(
      'conflict',
      'sellers.not_approved',
      'The seller account is not approved; keep the listing a draft.',
      { sellerStatus: seller.status },
    )
  }
}

/** Puts the fitments of listings in place of those they had. */
export async function replaceFitments(trx: Trx, of: ReadonlyMap<string, readonly Fitment[]>): Promise<void> {
  await trx('listing_fitments')
    .whereIn('listing_id', [...of.keys()])
    .delete()
  const rows = [...of].flatMap(([id, fits]) =>
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
  if (rows.length > 0) await trx.batchInsert('listing_fitments', rows, 1_000)
}

/** Puts the cross-reference numbers of listings in place of those they had. */
export async function replaceNumbers(
  trx: Trx,
  of: ReadonlyMap<string, readonly CrossReference[]>,
): Promise<void> {
  await trx('listing_numbers')
    .whereIn('listing_id', [...of.keys()])
    .delete()
  const rows = [...of].flatMap(([id, numbers]) =>
    numbers.map(({ kind, number }, position) => ({ listing_id: id, position, kind, number })),
  )
  if (rows.length > 0) await trx.batchInsert('listing_numbers', rows, 1_000)
}

/**
 * A category, make, model or engine that does not exist is the caller's mistake, found by the foreign key; so is a
 * number that another listing of the seller has.
 */
export async function known<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isForeignKeyViolation(error)) throw unknownReference(error)
    if (isUniqueViolation(error, 'listings_sku_key')) {
      throw new AppError(
        'conflict',
        'listings.sku_taken',
        'Another listing of yours has this number.',
        {},
        { cause: error },
      )
    }
    throw error
  }
}

function unknownReference(cause?: unknown): AppError {
  return new AppError(
    'invalid',
    'listings.unknown_reference',
    'There is no such category, make, model or engine.',
    {},
    { cause },
  )
}
