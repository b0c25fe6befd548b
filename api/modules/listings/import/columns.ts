import { maskCards } from '../../../platform/cards.js'
import { AppError } from '../../../platform/errors.js'
import { fold } from '../../../platform/fold.js'

/** The columns a file may have, and what they are called in Arabic. */
export const COLUMNS = {
  sku: 'رمز الصنف',
  title_ar: 'العنوان بالعربي',
  title_en: 'العنوان بالإنجليزي',
  description_ar: 'الوصف بالعربي',
  description_en: 'الوصف بالإنجليزي',
  category: 'التصنيف',
  part_number: 'رقم القطعة',
  brand: 'الماركة',
  condition: 'الحالة',
  price: 'السعر',
  quantity: 'الكمية',
  warranty_months: 'الضمان بالأشهر',
  cross_references: 'أرقام بديلة',
  fits: 'السيارات',
  status: 'حالة العرض',
} as const
export type Column = keyof typeof COLUMNS

const MOST_NAMED = 20
const LONGEST_NAME = 60

/** `Title_AR`, `title ar` and «العنوان (بالعربى)»: as people head the same column. */
const plain = (header: string): string =>
  fold(header)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const BY_HEADER = new Map<string, Column>(
  Object.entries(COLUMNS).flatMap(([name, arabic]) =>
    [name, arabic].map(header => [plain(header), name as Column] as const),
  ),
)

/** Which column stands where. A file that cannot be understood is refused before anything is done with it. */
export function readHeader(cells: readonly string[]): Column[] {
  const columns = cells.map(cell => BY_HEADER.get(plain(cell)))
  const unknown = cells.flatMap((cell, at) => (columns[at] === undefined ? [named(cell, at)] : []))
  if (unknown.length > 0) {
    throw refused('imports.unknown_columns', 'These columns are not known', unknown)
  }
  const known = columns as Column[]
  const repeated = known.filter((column, at) => known.indexOf(column) !== at)
  if (repeated.length > 0) {
    throw refused('imports.repeated_columns', 'These columns stand there more than once', repeated)
  }
  if (!known.includes('sku')) {
    throw refused('imports.missing_column', 'The file needs this column', ['sku'])
  }
  return known
}

function refused(code: string, message: string, names: readonly string[]): AppError {
  const columns = names.slice(0, MOST_NAMED)
  return new AppError('invalid', code, `${message}: ${columns.join(', ')}.`, { columns })
}

/** What is repeated to the sender must be short, and no card number. */
const named = (cell: string, at: number): string =>
  maskCards(cell.trim()).slice(0, LONGEST_NAME) || `(${at + 1})`
