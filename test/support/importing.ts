import { expect } from 'chai'
import { stringify } from 'csv-stringify/sync'
import type { Who } from './accounts.js'
import type { TestContext } from './context.js'
import type { Answer } from './request.js'

export type Row = Record<string, string>
export type ReportRow = {
  row: number
  sku: string
  outcome: string
  listingId: string | null
  errors: { column: string | null; code?: string; detail: string }[]
}
export type Report = { rows: ReportRow[]; summary: Record<string, number> }

/** A row that is good for a new listing. */
export const row = (sku: string, over: Row = {}): Row => ({
  sku,
  title_ar: 'فحمات أمامية',
  title_en: 'Front brake pads',
  category: 'brake-pads',
  part_number: '04465-33480',
  price: '115.00',
  quantity: '10',
  status: 'ACTIVE',
  ...over,
})

export const csv = (rows: readonly Row[], options: object = {}): string =>
  stringify([...rows], { header: true, columns: [...new Set(rows.flatMap(Object.keys))], ...options })

type Options = { as?: Who; query?: string; type?: string; language?: string }

export const sendCsv = (t: TestContext, body: string | Buffer, options: Options = {}): Promise<Answer> =>
  t.post(`/api/v1/listings/import${options.query ?? ''}`, {
    as: options.as ?? 'seller',
    raw: body,
    headers: { 'content-type': options.type ?? 'text/csv', 'accept-language': options.language ?? 'en' },
  })

/** The report of an import that went to its end. */
export async function importCsv(
  t: TestContext,
  file: string | Buffer | readonly Row[],
  options: Options = {},
): Promise<Report> {
  const body = typeof file === 'string' || Buffer.isBuffer(file) ? file : csv(file)
  const answer = await sendCsv(t, body, options)
  expect(answer.status, answer.text).to.equal(200)
  return reportOf(answer)
}

export function reportOf({ text, headers }: Answer): Report {
  expect(headers.get('content-type')).to.include('application/x-ndjson')
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const { summary } = lines.pop()
  expect(summary, text.slice(-300)).to.be.an('object')
  return { rows: lines, summary }
}

/** A summary with the counts given, and no other. */
export const counts = (over: Record<string, number>) => ({
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  skipped: 0,
  ...over,
})

/** A seller's listings as they stand, without what an import has no say in. */
export const stored = (t: TestContext, sellerId: string) =>
  t.owner('listings').where({ seller_id: sellerId }).orderBy('sku')

/** Two cars for parts to fit. Before anything looks at the reference data, which is kept. */
export async function addCars({ owner }: TestContext): Promise<void> {
  await owner('models').insert([
    {
      id: 'test-camry',
      make_id: 'toyota',
      name_ar: 'كامري',
      name_en: 'Camry',
      year_from: 2007,
      year_to: 2017,
    },
    { id: 'test-sonata', make_id: 'hyundai', name_ar: 'سوناتا', name_en: 'Sonata', year_from: 2010 },
  ])
  await owner('engines').insert({
    id: 'test-camry-25',
    model_id: 'test-camry',
    code: '2AR-FE',
    fuel: 'PETROL',
    year_from: 2012,
  })
}
