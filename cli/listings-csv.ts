import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import type { RowResult } from '../api/modules/listings/import/chunk.js'
import { addTo, emptySummary, type Summary } from '../api/modules/listings/import/import-presenter.js'
import type { ImportOptions, ImportService } from '../api/modules/listings/import/import-service.js'
import type { Actor } from '../api/platform/actor.js'
import { AppError } from '../api/platform/errors.js'
import { plainCell } from './csv-cell.js'
import { refusedFile } from './refused-file.js'
import { printable } from './terminal-text.js'

const MOST_SHOWN = 10

export type Imported = { sellerId: string; rows: number; summary: Summary; failed: RowResult[] }
type Wanted = {
  file: string
  report?: string | undefined
  options: ImportOptions
  actor: Actor
  progress(done: number, all: number): void
}

/** Imports a file row by row; what became of each goes to the report. Memory stays flat however many there are. */
export async function importFile(imports: ImportService, wanted: Wanted): Promise<Imported> {
  const file = await readable(wanted.file)
  try {
    if (wanted.report !== undefined) await assertApart(file, wanted.report)
    const { seller, rows, chunks } = await imports.open(file, wanted.options, wanted.actor)
    const imported: Imported = { sellerId: seller.id, rows, summary: emptySummary(), failed: [] }
    await reported(watched(chunks, imported, wanted), wanted.report)
    return imported
  } finally {
    await file.close()
  }
}

/** The rows on their way to the report, counted. */
async function* watched(chunks: AsyncIterable<RowResult[]>, imported: Imported, { progress }: Wanted) {
  let done = 0
  for await (const results of chunks) {
    addTo(imported.summary, results)
    const failed = results.filter(({ outcome }) => outcome === 'failed')
    imported.failed.push(...failed.slice(0, MOST_SHOWN - imported.failed.length))
    done += results.length
    progress(done, imported.rows)
    yield* results
  }
}

async function reported(results: AsyncIterable<RowResult>, report: string | undefined): Promise<void> {
  if (report === undefined) {
    for await (const _ of results);
    return
  }
  // a report that cannot be written is refused before a row is; it appears when it is complete
  const part = `${report}.${process.pid}.part`
  const handle = await open(part, 'wx').catch(error => {
    throw refusedFile(error, report, 'written') ?? error
  })
  try {
    const csv = stringify({ header: true, quoted: true, columns: ['row', 'sku', 'outcome', 'errors'] })
    await pipeline(Readable.from(lines(results)), csv, handle.createWriteStream())
    await rename(part, report)
  } catch (error) {
    await rm(part, { force: true })
    throw refusedFile(error, report, 'written') ?? error
  }
}

async function* lines(results: AsyncIterable<RowResult>): AsyncGenerator<string[]> {
  for await (const result of results) {
    const { row, sku, outcome } = result
    yield [String(row), plainCell(printable(sku)), outcome, plainCell(printable(errorsOf(result)))]
  }
}

/** `price: must be …; status: …` */
export const errorsOf = ({ errors }: RowResult): string =>
  errors.map(({ column, detail }) => (column === null ? detail : `${column}: ${detail}`)).join('; ')

/** The report must not take the place of a folder, or of the very file it reports on. */
async function assertApart(file: FileHandle, report: string): Promise<void> {
  const [own, there] = [await file.stat(), await stat(report).catch(() => undefined)]
  if (!there || (there.isFile() && (there.ino !== own.ino || there.dev !== own.dev))) return
  const message = `${report} cannot be written: it is a folder, or the file that is imported.`
  throw new AppError('invalid', 'cli.cannot_write', message, { file: report })
}

/** A file that may be read twice: no pipe, no folder. */
async function readable(name: string): Promise<FileHandle> {
  const file = await open(name, 'r').catch(error => {
    throw refusedFile(error, name, 'read') ?? error
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new AppError('invalid', 'cli.cannot_read', `${name} is not a file.`, { file: name })
}
