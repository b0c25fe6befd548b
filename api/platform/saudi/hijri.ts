import { westernDigits } from '../digits.js'
import { type Reading, read, refused } from './reading.js'

/** A day without a time, `2026-03-01`, in the Gregorian calendar. */
export type Day = string

const DAY_MS = 86_400_000
/** Where Umm al-Qura's months begin is settled for these years; outside them there is only arithmetic. */
const [FIRST_HIJRI, LAST_HIJRI] = [1318, 1500]
const [FIRST_GREGORIAN, LAST_GREGORIAN] = [1900, 2077]
const HIJRI_YEAR_DAYS = 354.36707
/** 1 Muharram 1 by the civil reckoning: a first guess of a date, days from 1970. */
const EPOCH_DAYS = -492_148

// the calendar of the Kingdom's documents, as ICU keeps it
const ummAlQura = new Intl.DateTimeFormat('en-US-u-ca-islamic-umalqura-nu-latn', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
})

/** `1447-09-12`, by Umm al-Qura. */
export function hijriOf(day: Day): string {
  const part = Object.fromEntries(
    ummAlQura.formatToParts(new Date(`${day}T00:00:00Z`)).map(p => [p.type, p.value]),
  )
  return isoDate(Number(part.year), Number(part.month), Number(part.day))
}

/**
 * A day of a document, in either calendar: `2026-03-01`, `1447-09-12`, `12/9/1447 هـ`, `١٤٤٧/٠٩/١٢`; day, month and year
 * in this order or the other way round. The year tells the calendar. Days that do not exist are refused.
 */
export function readDay(text: string): Reading<Day> {
  const plain = westernDigits(text)
    .replace(/[\u061c\u200e\u200f]/g, '')
    .replace(/\s*(هـ?|م|AH|AD|CE)\.?\s*$/i, '')
    .trim()
  const [, a, mark, b, c] = /^(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})$/.exec(plain) ?? []
  if (a === undefined || b === undefined || c === undefined || !mark) return refused('day.shape')
  const isYearFirst = a.length === 4
  if (isYearFirst === (c.length === 4)) return refused('day.shape')
  const [year, month, date] = (isYearFirst ? [a, b, c] : [c, b, a]).map(Number) as [number, number, number]
  if (year >= FIRST_GREGORIAN && year <= LAST_GREGORIAN) {
    const day = isoDate(year, month, date)
    return isDay(day) ? read(day) : refused('day.none')
  }
  if (year < FIRST_HIJRI || year > LAST_HIJRI) return refused('day.range')
  const day = gregorianOf(year, month, date)
  return day === undefined ? refused('day.none') : read(day)
}

/** Guesses, and looks about: a month of Umm al-Qura begins a day or two off the reckoning. */
function gregorianOf(year: number, month: number, date: number): Day | undefined {
  if (month < 1 || month > 12 || date < 1 || date > 30) return undefined
  const wanted = isoDate(year, month, date)
  const guess = Math.round(EPOCH_DAYS + (year - 1) * HIJRI_YEAR_DAYS + (month - 1) * 29.5306 + date - 1)
  for (let off = 0; off <= 4; off++) {
    for (const days of [guess + off, guess - off]) {
      const day = dayOf(days)
      if (hijriOf(day) === wanted) return day
    }
  }
  return undefined
}

/** 2026-02-30 is none: it would come back as another day. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

/** So many days later; earlier where they are less than none. */
export const daysAfter = (day: Day, days: number): Day =>
  dayOf(Date.parse(`${day}T00:00:00Z`) / DAY_MS + days)

const dayOf = (sinceEpoch: number): Day => new Date(sinceEpoch * DAY_MS).toISOString().slice(0, 10)

const isoDate = (year: number, month: number, date: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
