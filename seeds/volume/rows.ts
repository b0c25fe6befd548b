import { keysOf } from '../../api/modules/listings/fitment.js'
import { partKey } from '../../api/platform/fold.js'
import { lexicon } from '../lexicon.js'
import { type Car, makersNumber, pickBrand, pickCar, pickKind, pickLine } from './market.js'
import { randomFrom } from './random.js'

const FIRST_AT = Date.parse('2024-01-01T00:00:00Z')
const EVERY_MS = 60_000

/** COPY's text format, one line a row. Nothing here holds a tab, a line break or a backslash. */
export type Lines = { listings: string; fitments: string; numbers: string; partKeys: string[] }

export const COLUMNS = {
  listings:
    'id, seller_id, category_id, title_ar, title_en, description_ar, description_en, part_number, brand, condition, price_halalas, stock, warranty_months, status, featured_until, keys, created_at, updated_at',
  listing_fitments: 'listing_id, position, make_id, model_id, engine_id, year_from, year_to',
  listing_numbers: 'listing_id, position, kind, number',
}

/** The listings from one position to another. A position always gives the same listing. */
export function linesOf(from: number, to: number, sellerIds: readonly string[]): Lines {
  const lines: Lines = { listings: '', fitments: '', numbers: '', partKeys: [] }
  for (let at = from; at < to; at++) addListing(lines, at, sellerIds)
  return lines
}

function addListing(lines: Lines, position: number, sellerIds: readonly string[]): void {
  const random = randomFrom(position * 7919 + 17)
  const id = listingId(position)
  const [car, kind] = [pickCar(random()), pickKind(random())]
  const years = span(car, random())
  const genuine = random() < 0.4
  const oem = makersNumber(car, kind, random() < 0.8 ? 0 : 1)
  const brand = genuine ? (car.en.split(' ')[0] as string) : pickBrand(random())
  const line = random() < 0.35 ? ` ${pickLine(random())}` : ''
  const number = genuine ? oem : `${brand.slice(0, 2).toUpperCase()}${partKey(oem).slice(3)}`
  const [status, condition] = [random(), random()]
  const at = new Date(FIRST_AT + position * EVERY_MS).toISOString()
  const fit = { makeId: car.makeId, modelId: car.id, ...years, engineId: null }
  const crossReferences = genuine ? [] : [{ kind: 'OEM' as const, number: oem }]
  const words = random() < 0.15 ? DESCRIPTIONS[genuine ? 'genuine' : 'other'] : UNDESCRIBED
  const spoken = speaksOf(brand).length > 0 ? brand : ''
  const keys = sameKeys(`${car.at} ${kind.at} ${years.from} ${genuine || oem} ${words[1]} ${spoken}`, () => {
    const concepts = [kind.ar, kind.en, car.ar, car.en, brand, ...words].flatMap(speaksOf)
    return keysOf([fit], crossReferences, concepts, kind.category)
  })
  lines.listings += `${[
    id,
    sellerIds[Math.floor(random() ** 2 * sellerIds.length)],
    kind.category,
    `${kind.ar} ${car.ar} ${years.from} - ${years.to}`,
    `${kind.en} for ${car.en} ${years.from} - ${years.to}${line}`,
    ...words,
    number,
    brand,
    condition < 0.75 ? 'NEW' : condition < 0.93 ? 'USED' : 'REFURBISHED',
    1_500 + Math.floor(random() ** 3 * 400_000),
    random() < 0.06 ? 0 : 1 + Math.floor(random() * 40),
    condition < 0.5 ? 12 : '\\N',
    status < 0.96 ? 'ACTIVE' : status < 0.98 ? 'PAUSED' : 'DRAFT',
    random() < 0.003 ? '2031-01-01T00:00:00Z' : '\\N',
    keys,
    at,
    at,
  ].join('\t')}\n`
  lines.fitments += `${id}\t0\t${car.makeId}\t${car.id}\t\\N\t${years.from}\t${years.to}\n`
  if (!genuine) lines.numbers += `${id}\t0\tOEM\t${oem}\n`
  lines.partKeys.push(partKey(number), partKey(oem))
}

const UNDESCRIBED = ['', '']
const DESCRIPTIONS = {
  genuine: ['قطعة أصلية مكفولة', 'Genuine part with warranty'],
  other: ['قطعة تجارية مكفولة', 'Aftermarket part with warranty'],
}

/** Few cars and parts are in most listings: their keys, as an array of PostgreSQL's, are put together once. */
const MOST_KEPT = 50_000
const kept = new Map<string, string>()
function sameKeys(name: string, make: () => string[]): string {
  const known = kept.get(name) ?? `{${make().join(',')}}`
  if (kept.size < MOST_KEPT) kept.set(name, known)
  return known
}

/** What a text speaks of, looked up once. */
const known = new Map<string, string[]>()
function speaksOf(name: string): string[] {
  const concepts = known.get(name) ?? lexicon.conceptsOf(name)
  known.set(name, concepts)
  return concepts
}

/** Some years of the car's, seven at the most: a generation. */
function span(car: Car, random: number): { from: number; to: number } {
  const generations = Math.max(1, Math.ceil((car.to - car.from + 1) / 7))
  const from = car.from + 7 * Math.floor(random * generations)
  return { from, to: Math.min(car.to, from + 6) }
}

/** In the last bits of each id, before the position. */
const MARK = 0x5eed_0000_0000

/** A UUIDv7 whose time and remaining bits the position decides, so that ids are in the order of positions. */
export function listingId(position: number): string {
  const time = (FIRST_AT + position * EVERY_MS).toString(16).padStart(12, '0')
  const rest = (MARK + position).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`
}

export const positionOf = (id: string): number => Number.parseInt(id.slice(-12), 16) - MARK
