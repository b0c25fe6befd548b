import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import { AppError } from '../../../platform/errors.js'
import { type Column, readHeader } from './columns.js'
import { checkedBytes, LONGEST_ROW, MOST_BYTES } from './csv-bytes.js'

export const MOST_ROWS = 100_000
/** Rows that have not as many cells as the header, blank ones too: each is dear to read, and a file of them is no table. */
const MOST_UNEVEN = 1_000
/** Others wait while rows are read: they get a turn after so many. */
const ROWS_A_TURN = 200

/** A row of the file; `row` counts as a spreadsheet does, the header being 1. */
export type CsvRow = { row: number; cells: string[] }
export type CsvFile = { columns: Column[]; count: number; rows(): AsyncGenerator<CsvRow> }

/**
 * Reads the file through once, so that one that breaks off in the middle, is too long or is no CSV at all is
 * refused before anything is done with it. Its rows are then read as they are needed, never held.
 */
export async function openCsv(file: FileHandle): Promise<CsvFile> {
  const { size } = await file.stat()
  if (size > MOST_BYTES) throw tooLarge('request.too_large', `${MOST_BYTES} bytes`, MOST_BYTES)
  const delimiter = delimiterOf(await firstLine(file))
  let columns: Column[] | undefined
  let count = 0
  let uneven = 0
  for await (const { row, cells } of records(file, delimiter)) {
    if (columns === undefined) columns = readHeader(cells)
    else {
      if (cells.length !== columns.length && ++uneven > MOST_UNEVEN) throw unreadable(row)
      if (!isBlank(cells)) count += 1
    }
    if (count > MOST_ROWS) throw tooLarge('imports.too_many_rows', `${MOST_ROWS} rows`, MOST_ROWS)
  }
  return { columns: columns ?? readHeader([]), count, rows: () => rowsOf(file, delimiter) }
}

async function* rowsOf(file: FileHandle, delimiter: string): AsyncGenerator<CsvRow> {
  for await (const record of records(file, delimiter)) {
    // spreadsheets leave blank rows at the end
    if (record.row > 1 && !isBlank(record.cells)) yield record
  }
}

async function* records(file: FileHandle, delimiter: string): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  })
  // a failure on either side reaches the loop below through the parser
  pipeline(Readable.from(checkedBytes(file)), parser, () => {})
  let row = 0
  try {
    for await (const cells of parser) {
      yield { row: ++row, cells }
      if (row % ROWS_A_TURN === 0) await turn()
    }
  } catch (error) {
    // it knows better how many rows there were before: some are still on their way here
    throw error instanceof CsvError ? unreadable(Number(error.records) + 1, error) : error
  }
}

const isBlank = (cells: readonly string[]) => cells.every(cell => cell.trim() === '')

async function firstLine(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16_384), 0, 16_384, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

/** Spreadsheets part by comma, semicolon or tab, as their country has it: the one the header holds most of. */
export function delimiterOf(text: string): string {
  const counts = new Map([',', ';', '\t'].map(mark => [mark, 0]))
  let isQuoted = false
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === '\n' || letter === '\r')) break
    else if (!isQuoted && counts.has(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

function tooLarge(code: string, limit: string, most: number): AppError {
  return new AppError('too_large', code, `The file may have at most ${limit}.`, { limit: most })
}

function unreadable(row: number, cause?: unknown): AppError {
  return new AppError(
    'malformed',
    'imports.bad_csv',
    `Row ${row} cannot be read: a quotation mark is out of place, or the row is too long.`,
    { row },
    { cause },
  )
}
