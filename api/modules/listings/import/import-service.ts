import type { FileHandle } from 'node:fs/promises'
import type { Actor } from '../../../platform/actor.js'
import { riyadhYear } from '../../../platform/clock.js'
import { toAppError } from '../../../platform/driver-errors.js'
import { createGate } from '../../../platform/gate.js'
import type { CatalogueService } from '../../catalogue/catalogue-service.js'
import type { Seller } from '../../sellers/seller.js'
import { type ChunkDeps, type DraftRow, importChunk, type Job, type Mode, type RowResult } from './chunk.js'
import { inChunks, oneAhead } from './chunks.js'
import { type CsvFile, type CsvRow, openCsv } from './csv-file.js'
import { type Lookup, lookupOf } from './lookup.js'
import { type Cells, type Draft, type Locale, readCells, rowRemark } from './row-schemas.js'

export type ImportOptions = {
  mode: Mode
  dryRun: boolean
  locale: Locale
  /** For operators: whose listings they are, by id or CR number. */
  seller?: string
}
/** Not yet begun: it goes on as its chunks are asked for, and stops where nobody asks any more. */
export type Import = { seller: Seller; rows: number; chunks: AsyncGenerator<RowResult[], void> }

type Deps = ChunkDeps & { catalogue: CatalogueService }
export type ImportService = ReturnType<typeof createImportService>

export const CHUNK = 500
/** Connections are for requests first: however many files come, this many chunks are written at once. */
const WIDTH = 2

export function createImportService(deps: Deps) {
  const { catalogue, clock, logger, sellers } = deps
  const pass = createGate(WIDTH)

  return {
    /** Refuses what can be refused before the first row: the caller, the file as such, its header. */
    async open(
      file: FileHandle,
      { seller: named, ...options }: ImportOptions,
      actor: Actor,
    ): Promise<Import> {
      const isOperator = actor.kind === 'operator' && named !== undefined
      const seller = isOperator ? await sellers.named(named) : await sellers.ownedBy(actor)
      seller.assertNotSuspended()
      const csv = await openCsv(file)
      const reference = await catalogue.reference()
      const lexicon = await catalogue.lexicon()
      const thisYear = riyadhYear(clock.now())
      const job = { ...options, sellerId: seller.id, actor, reference, lexicon, thisYear }
      return { seller, rows: csv.count, chunks: run(csv, job) }
    },
  }

  async function* run(csv: CsvFile, job: Job): AsyncGenerator<RowResult[], void> {
    try {
      const rows = drafts(csv, lookupOf(job.reference), job.locale)
      // the next rows are read while the database writes these
      for await (const chunk of oneAhead(inChunks(rows, CHUNK)))
        yield await pass(() => importChunk(deps, chunk, job))
    } catch (thrown) {
      const error = toAppError(thrown)
      // an operator is told by the terminal; over HTTP the status is long out
      if (job.actor.kind === 'user' && ['internal', 'unavailable'].includes(error.kind))
        logger.error('import_failed', { sellerId: job.sellerId, code: error.code, error })
      throw error
    }
  }
}

async function* drafts(csv: CsvFile, lookup: Lookup, locale: Locale): AsyncGenerator<DraftRow> {
  const rowOf = new Map<string, number>()
  for await (const { row, cells } of csv.rows()) {
    const named = Object.fromEntries(csv.columns.map((column, at) => [column, cells[at]?.trim() ?? '']))
    const draft = draftOf({ row, cells }, named, csv, lookup, locale)
    const sku = named.sku ?? ''
    const first = rowOf.get(sku)
    if (sku === '' || first === undefined) rowOf.set(sku, row)
    else draft.errors.push(rowRemark('sku', 'row.sku_repeated', { row: String(first) }, locale))
    yield { row, sku, draft }
  }
}

function draftOf({ cells }: CsvRow, named: Cells, csv: CsvFile, lookup: Lookup, locale: Locale): Draft {
  if (cells.length === csv.columns.length) return readCells(named, lookup, locale)
  const counts = { has: String(cells.length), wants: String(csv.columns.length) }
  return { cells: named, values: {}, errors: [rowRemark(null, 'row.ragged', counts, locale)] }
}
