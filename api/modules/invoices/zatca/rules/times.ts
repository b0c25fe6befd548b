/*
 * Dates and times as XML Schema writes them. What names no zone is Saudi time, as ZATCA's gateway takes it.
 */

const DATE = /^(-?\d{4,})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?$/
const TIME = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/
const RIYADH = '+03:00'

/** Midnight of a day; undefined for what is none. */
export function readDate(text: string): Date | undefined {
  const match = DATE.exec(text.trim())
  if (!match) return undefined
  const [, year = '', month = '', day = '', zone = RIYADH] = match
  return isDay(Number(year), Number(month), Number(day))
    ? new Date(`${year}-${month}-${day}T00:00:00${zone}`)
    : undefined
}

/** `2026-03-01T14:05:09`; undefined for what is none. */
export function readDateTime(text: string): Date | undefined {
  const [date = '', time = ''] = text.trim().split('T')
  if (!readDate(date) || date.length !== 10 || !isTime(time)) return undefined
  const zone = /(Z|[+-]\d\d:\d\d)$/.test(time) ? '' : RIYADH
  return new Date(`${date}T${time.replace(/(\.\d{3})\d+/, '$1')}${zone}`)
}

export function isTime(text: string): boolean {
  const match = TIME.exec(text.trim())
  if (!match) return false
  const [, hours, minutes, secs] = match.map(Number) as [number, number, number, number]
  return (hours < 24 && minutes < 60 && secs < 60) || (hours === 24 && minutes === 0 && secs === 0)
}

/** The day in Riyadh on which an instant is, as the midnight it begins with. */
export function dayOf(at: Date): Date {
  const day = new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 10)
  return new Date(`${day}T00:00:00${RIYADH}`)
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
