import { after, dayInRiyadh, days } from './clock.js'
import { AppError } from './errors.js'

/** Days as `2026-03-01`, both in. */
export type Days = { from: string; to: string }
export type DaysAsked = { from?: string | undefined; to?: string | undefined }

const LENGTH = 30
export const MOST_DAYS = 731

const shifted = (day: string, by: number): string =>
  after(new Date(`${day}T00:00:00Z`), days(by))
    .toISOString()
    .slice(0, 10)

/** What was asked for, or the 30 days that end with it, or with today. Throws `request.invalid`. */
export function daysAsked({ from, to }: DaysAsked, now: Date): Days {
  const end = to ?? dayInRiyadh(now)
  const start = from ?? shifted(end, 1 - LENGTH)
  if (start > end) throw wrong('days.backwards', 'ends before it begins')
  if (shifted(start, MOST_DAYS) <= end) throw wrong('days.too_many', `has more than ${MOST_DAYS} days`)
  return { from: start, to: end }
}

const wrong = (detail: string, message: string) =>
  new AppError('invalid', 'request.invalid', `The range ${message}.`, {
    errors: [{ pointer: '?from', detail }],
  })
