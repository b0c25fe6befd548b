import { westernDigits } from '../../../platform/digits.js'
import { fold } from '../../../platform/fold.js'
import { readPrice } from '../../../platform/saudi/price.js'
import { REFERENCE_KINDS } from '../fitment.js'
import type { Column } from './columns.js'
import type { Lookup } from './lookup.js'

/** Says what is wrong with a cell: a key of field-texts.ts, and what its sentence is filled with. */
export type Remark = (text: string, values?: Record<string, string>) => void
type Reader = (cell: string, remark: Remark, lookup: Lookup) => unknown

/** `1` to nine digits, in either script. */
const WHOLE = /^-?\d{1,9}$/
const CONDITIONS: Record<string, string> = { جديد: 'NEW', مستعمل: 'USED', مجدد: 'REFURBISHED' }
const STATUSES: Record<string, string> = { مسودة: 'DRAFT', معروض: 'ACTIVE', موقوف: 'PAUSED' }

const required =
  (read: Reader): Reader =>
  (cell, remark, lookup) =>
    cell === '' ? remark('cell.empty') : read(cell, remark, lookup)

const asItIs: Reader = cell => cell

const whole: Reader = (cell, remark) => {
  const digits = westernDigits(cell)
  return WHOLE.test(digits) ? Number(digits) : remark('cell.whole')
}

/** One of some words, in either language. */
function oneOf(arabic: Record<string, string>): Reader {
  const plain = (word: string) => fold(word).toLowerCase()
  const by = new Map(
    Object.entries(arabic).flatMap(([word, value]) => [
      [plain(word), value],
      [plain(value), value],
    ]),
  )
  const words = Object.entries(arabic).map(([word, value]) => `${value} (${word})`)
  return (cell, remark) => by.get(plain(cell)) ?? remark('cell.one_of', { words: words.join(', ') })
}

const category: Reader = (cell, remark, lookup) => {
  const [id, ...others] = lookup.categories(cell)
  if (id === undefined) return remark('cell.unknown_category', { value: short(cell) })
  if (others.length > 0) return remark('cell.several_categories', { ids: [id, ...others].join(', ') })
  return id
}

const price: Reader = (cell, remark) => {
  const { value, problem } = readPrice(cell)
  return problem === undefined ? { amount: value } : remark(problem)
}

/** The parts of a cell that holds a list. */
export const itemsOf = (cell: string): string[] =>
  cell
    .split('|')
    .map(item => item.trim())
    .filter(item => item !== '')

const KIND = /^(\w+)\s*:\s*(.*)$/s

const MOST_ITEMS = 50
/** The items of a list, or a remark: a cell of thousands is not read one by one. */
function listed(cell: string, remark: Remark): string[] {
  const items = itemsOf(cell)
  if (items.length > MOST_ITEMS) remark('cell.too_many_items', { most: String(MOST_ITEMS) })
  return items.length > MOST_ITEMS ? [] : items
}

const crossReferences: Reader = (cell, remark) =>
  listed(cell, remark).map(item => {
    const [, kind, number = ''] = KIND.exec(item) ?? [undefined, 'OEM', item]
    const known = REFERENCE_KINDS.find(each => each === kind?.toUpperCase())
    if (known === undefined) remark('cell.reference_kind', { value: short(item) })
    return { kind: known, number }
  })

/** `make:kia`, `toyota-camry`, `toyota-camry:2012-2017`, `toyota-camry:2012-`, `toyota-camry:2015:ENGINE`. */
const fits: Reader = (cell, remark, lookup) =>
  listed(cell, remark).map(item => {
    const [first = '', second = '', third, ...rest] = item.split(':').map(part => part.trim().toLowerCase())
    const unknown = (what: string) => remark(`cell.unknown_${what}`, { value: short(item) })
    if (first === 'make') {
      if (!lookup.hasMake(second) || third !== undefined) unknown('make')
      return { makeId: second }
    }
    const years = yearsOf(second)
    if (!lookup.hasModel(first)) unknown('model')
    else if (!years || rest.length > 0) remark('cell.years', { value: short(item) })
    else if (third && !lookup.hasEngine(third, first)) unknown('engine')
    return { modelId: first, ...years, ...(third ? { engineId: third } : {}) }
  })

function yearsOf(text: string): { from?: number; to?: number } | undefined {
  if (text === '') return {}
  const [, from, dash, to] = /^(\d{4})?\s*([-–])?\s*(\d{4})?$/.exec(westernDigits(text)) ?? []
  if (from === undefined && to === undefined) return undefined
  if (!dash)
    return from === undefined || to !== undefined ? undefined : { from: Number(from), to: Number(from) }
  return { ...(from ? { from: Number(from) } : {}), ...(to ? { to: Number(to) } : {}) }
}

/** How each column's cells are read. An empty cell means nothing where that is allowed. */
export const READERS: Record<Column, Reader> = {
  sku: required(asItIs),
  title_ar: required(asItIs),
  title_en: required(asItIs),
  description_ar: asItIs,
  description_en: asItIs,
  category: required(category),
  part_number: required(asItIs),
  brand: asItIs,
  condition: required(oneOf(CONDITIONS)),
  price: required(price),
  quantity: required(whole),
  warranty_months: (cell, remark, lookup) => (cell === '' ? null : whole(cell, remark, lookup)),
  cross_references: crossReferences,
  fits,
  status: required(oneOf(STATUSES)),
}

/** Enough of a cell to know it again. */
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
