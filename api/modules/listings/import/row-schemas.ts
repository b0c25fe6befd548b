import type { z } from 'zod'
import { fieldText } from '../../../http/field-texts.js'
import { issueText } from '../../../http/issue-texts.js'
import type { Locale } from '../../../http/locale.js'
import { detailOf } from '../../../http/problem-texts.js'
import { checkValues } from '../../../http/values.js'
import { AppError } from '../../../platform/errors.js'
import { CreateListing, EditListing, toFields } from '../listing-schemas.js'
import type { ListingFields } from '../listing-service.js'
import { itemsOf, READERS } from './cells.js'
import type { Column } from './columns.js'
import type { Lookup } from './lookup.js'

export type { Locale }
export type RowError = { column: Column | null; code?: string; detail: string }
export type Cells = Partial<Record<Column, string>>
/** A row as far as it can be read without knowing what the seller has already. */
export type Draft = { cells: Cells; values: Partial<Record<Column, unknown>>; errors: RowError[] }

const MOST_ERRORS = 20

/** Reads each cell for what its column wants. What no text may hold is looked for first, as in every request. */
export function readCells(cells: Cells, lookup: Lookup, locale: Locale): Draft {
  const unfit = unfitText(cells, locale)
  if (unfit) return { cells, values: {}, errors: [unfit] }
  const errors: RowError[] = []
  const values: Draft['values'] = {}
  for (const [column, cell = ''] of Object.entries(cells) as [Column, string][]) {
    const remark = (text: string, words?: Record<string, string>) => {
      errors.push({ column, detail: fieldText(text, locale, words) })
    }
    values[column] = READERS[column](cell, remark, lookup)
  }
  return { cells, values, errors }
}

/** Holds a row against the rules of POST /listings, or of PATCH where the seller has the listing already. */
export function checkRow(
  { cells, values, errors }: Draft,
  isNew: boolean,
  locale: Locale,
): { fields: Partial<ListingFields> } | { errors: RowError[] } {
  // a row whose cells mean nothing would be told that everything is missing
  if (errors.length > 0 && Object.keys(values).length === 0) return { errors }
  const schema = isNew ? CreateListing : EditListing
  const result = schema.safeParse(wireOf(values, isNew), { error: issueText(locale) })
  if (result.success && errors.length === 0) return { fields: toFields(result.data) }
  const remarked = new Set(errors.map(error => error.column))
  const found = (result.error?.issues ?? [])
    .map(issue => rowError(issue, cells, locale))
    // a cell that could not be read has been spoken of
    .filter(({ column }) => column === null || !remarked.has(column))
  return { errors: [...errors, ...found].slice(0, MOST_ERRORS) }
}

/** What the services refuse, as the row's own. */
export const refusal = (error: AppError, column: Column | null, locale: Locale): RowError => ({
  column,
  code: error.code,
  detail: detailOf(error, locale),
})

export const rowRemark = (
  column: Column | null,
  text: string,
  values: Record<string, string>,
  locale: Locale,
): RowError => ({ column, detail: fieldText(text, locale, values) })

function unfitText(cells: Cells, locale: Locale): RowError | undefined {
  try {
    checkValues(cells, '#')
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const column = error.details.errors?.[0]?.pointer.slice(2) as Column
    return refusal(error, column, locale)
  }
}

/** The columns as the API's body has them; what the file has no column for stays out of an edit. */
function wireOf(values: Draft['values'], isNew: boolean): Record<string, unknown> {
  const has = (column: Column) => column in values
  const pair = (ar: Column, en: Column) => ({
    ...(has(ar) ? { ar: values[ar] } : {}),
    ...(has(en) ? { en: values[en] } : {}),
  })
  const wire: Record<string, unknown> = {}
  if (isNew || has('title_ar') || has('title_en')) wire.title = pair('title_ar', 'title_en')
  if (has('description_ar') || has('description_en'))
    wire.description = pair('description_ar', 'description_en')
  for (const [column, field] of Object.entries(FIELDS) as [Column, string][])
    if (has(column)) wire[field] = values[column]
  return wire
}

const FIELDS: Partial<Record<Column, string>> = {
  sku: 'sku',
  category: 'categoryId',
  part_number: 'partNumber',
  brand: 'brand',
  condition: 'condition',
  price: 'price',
  quantity: 'stock',
  warranty_months: 'warrantyMonths',
  cross_references: 'crossReferences',
  fits: 'fits',
  status: 'status',
}
const COLUMN_OF = new Map(Object.entries(FIELDS).map(([column, field]) => [field, column as Column]))

function rowError({ path, message }: z.core.$ZodIssue, cells: Cells, locale: Locale): RowError {
  const [field, part] = path
  if (field === 'title' || field === 'description')
    return { column: `${field}_${String(part)}` as Column, detail: fieldText(message, locale) }
  const column = COLUMN_OF.get(String(field)) ?? null
  const text = fieldText(message, locale)
  const item = typeof part === 'number' && column ? itemsOf(cells[column] ?? '')[part] : undefined
  return {
    column,
    detail: item === undefined ? text : fieldText('cell.item', locale, { value: item.slice(0, 60), text }),
  }
}
