import type { Trx } from '../../../platform/database.js'
import { AppError } from '../../../platform/errors.js'
import { EgsUnit } from '../egs-unit.js'
import type { Link } from '../invoice-document.js'

/**
 * The end of a unit's chain (KSA-16, KSA-13): invoices and notes in one row, counted from 1, each with the hash of the one
 * before. The row stays locked until the transaction ends, so that order of counters is order of hashes.
 */
export async function nextLink(trx: Trx, unitId: string): Promise<Link> {
  const unit = await EgsUnit.query(trx).findById(unitId).forUpdate()
  if (unit?.state !== 'ACTIVE')
    throw new AppError(
      'conflict',
      'invoices.unit_at_rest',
      'The unit was put to rest meanwhile: try again.',
      { unitId },
    )
  return { counter: unit.lastCounter + 1, previousHash: unit.lastHash }
}

export async function endChain(trx: Trx, unitId: string, counter: number, hash: string): Promise<void> {
  await trx('egs_units').where({ id: unitId }).update({ last_counter: counter, last_hash: hash })
}
