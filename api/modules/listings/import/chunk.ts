import type { Actor } from '../../../platform/actor.js'
import { maskCards } from '../../../platform/cards.js'
import type { Clock } from '../../../platform/clock.js'
import type { Db, Trx } from '../../../platform/database.js'
import { isUniqueViolation, toAppError } from '../../../platform/driver-errors.js'
import { AppError } from '../../../platform/errors.js'
import type { Logger } from '../../../platform/logger.js'
import type { AuditService } from '../../audit/audit-service.js'
import type { SellerService } from '../../sellers/seller-service.js'
import { learn } from '../vocabulary.js'
import { type Plan, planRow, type Rules, type Whole, type Write } from './row-plan.js'
import type { Draft, RowError } from './row-schemas.js'
import { isSearched, NumberTaken, ownBySku, store } from './row-store.js'

export const OUTCOMES = ['created', 'updated', 'unchanged', 'failed', 'skipped'] as const
export type Outcome = (typeof OUTCOMES)[number]
/** rows: what is good is written, beside what is not. chunks: all of a chunk, or none of it. */
export const MODES = ['rows', 'chunks'] as const
export type Mode = (typeof MODES)[number]

export type DraftRow = { row: number; sku: string; draft: Draft }
export type RowResult = {
  row: number
  sku: string
  outcome: Outcome
  listingId: string | null
  errors: RowError[]
}

export type ChunkDeps = { db: Db; clock: Clock; logger: Logger; audit: AuditService; sellers: SellerService }
export type Job = Omit<Rules, 'seller'> & { sellerId: string; actor: Actor; mode: Mode; dryRun: boolean }

const MOST_TRIES = 3
const LONGEST_SKU = 60

/** Some rows in one transaction. Where somebody came between, all of it is looked at anew. */
export async function importChunk(
  deps: ChunkDeps,
  rows: readonly DraftRow[],
  job: Job,
): Promise<RowResult[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { results, writes } = await deps.db.transaction(trx => inTransaction(deps, trx, rows, job))
      await learn(deps.db, deps.logger, writes.filter(isSearched).map(spelled))
      return results
    } catch (error) {
      if (!isLostRace(error)) throw error
      if (attempt === MOST_TRIES) throw lostRace(error)
    }
  }
}

async function inTransaction(deps: ChunkDeps, trx: Trx, rows: readonly DraftRow[], job: Job) {
  // held: it is not suspended meanwhile, and two files of one seller take turns
  const seller = await deps.sellers.held(trx, job.sellerId)
  seller.assertNotSuspended()
  const kept = await ownBySku(
    trx,
    job.sellerId,
    rows.map(row => row.sku),
  )
  const plans = rows.map(row => ({ row, plan: planOf(row, kept.get(row.sku), { ...job, seller }) }))
  const isRefused = job.mode === 'chunks' && plans.some(({ plan }) => 'errors' in plan)
  const results = plans.map(({ row, plan }) => resultOf(row, plan, isRefused, job))
  const writes = plans.flatMap(({ plan }) => ('write' in plan ? [plan.write] : []))
  if (job.dryRun || isRefused || writes.length === 0) return { results, writes: [] }
  await store(trx, writes, { sellerId: seller.id, at: deps.clock.now() })
  const created = writes.filter(write => write.isNew).length
  const counts = { created, updated: writes.length - created }
  await deps.audit.record(trx, job.actor, 'listings_imported', { type: 'seller', id: seller.id }, counts)
  return { results, writes }
}

const planOf = ({ draft }: DraftRow, kept: Whole | undefined, rules: Rules): Plan =>
  planRow(draft, kept, rules)

function resultOf({ row, sku }: DraftRow, plan: Plan, isRefused: boolean, { dryRun }: Job): RowResult {
  // what is sent back must be short, and no card number
  const base = { row, sku: maskCards(sku).slice(0, LONGEST_SKU), errors: [] as RowError[] }
  if ('errors' in plan) return { ...base, outcome: 'failed', listingId: null, errors: plan.errors }
  if (isRefused) return { ...base, outcome: 'skipped', listingId: null }
  if ('unchanged' in plan) return { ...base, outcome: 'unchanged', listingId: plan.unchanged }
  const { isNew, listing } = plan.write
  return { ...base, outcome: isNew ? 'created' : 'updated', listingId: isNew && dryRun ? null : listing.id }
}

const spelled = ({ listing }: Write) => ({
  ...listing,
  numbers: [listing.partNumber, ...listing.crossReferences.map(({ number }) => number)],
})

const isLostRace = (error: unknown): boolean =>
  error instanceof NumberTaken ||
  isUniqueViolation(error, 'listings_sku_key') ||
  toAppError(error).code === 'request.lost_race'

const lostRace = (cause: unknown): AppError =>
  new AppError(
    'conflict',
    'request.lost_race',
    'Another request changed the same thing. Try again.',
    {},
    { cause },
  )
