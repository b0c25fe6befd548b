import { z } from 'zod'
import { MODES, OUTCOMES } from './chunk.js'
import { COLUMNS, type Column } from './columns.js'

export const ImportOptions = z.strictObject({
  mode: z
    .enum(MODES)
    .default('rows')
    .describe('rows: good rows are written beside bad ones; chunks: of 500 rows all or none'),
  dryRun: z.stringbool().default(false).describe('report what would happen; write nothing'),
})

const ImportedRow = z.object({
  row: z.int().describe('as a spreadsheet counts: the header is 1'),
  sku: z.string(),
  outcome: z.enum(OUTCOMES),
  listingId: z.uuid().nullable(),
  errors: z.array(
    z.object({
      column: z.enum(Object.keys(COLUMNS) as [Column, ...Column[]]).nullable(),
      code: z.string().optional().describe('where the refusal is one that other operations know too'),
      detail: z.string(),
    }),
  ),
})
const Summary = z.object({
  summary: z.object({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    failed: z.int(),
    skipped: z.int(),
  }),
})
const Broken = z.object({ error: z.object({ code: z.string(), detail: z.string() }) })

/** A line of the answer: rows, then the summary, or what stopped the import halfway. */
export const ImportLine = z.union([ImportedRow, Summary, Broken])
