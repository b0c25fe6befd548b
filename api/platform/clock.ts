/** Where the time comes from. Tests hand in one that they move. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

export const seconds = (count: number): number => count * 1000
export const minutes = (count: number): number => count * 60_000
export const days = (count: number): number => count * 24 * 60 * minutes(1)

export function after(start: Date, milliseconds: number): Date {
  return new Date(start.getTime() + milliseconds)
}

const riyadh = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Riyadh',
  dateStyle: 'short',
  timeStyle: 'medium',
  hourCycle: 'h23',
})

/** `2026-03-01T14:05:09`: the wall clock in Riyadh, as a ZATCA document states it. Saudi Arabia keeps no summer time. */
export function riyadhLocal(at: Date): string {
  const part = Object.fromEntries(riyadh.formatToParts(at).map(p => [p.type, p.value]))
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`
}

/** The calendar day in Riyadh, `2026-03-01`. */
export const dayInRiyadh = (at: Date): string => riyadhLocal(at).slice(0, 10)

/** The instant at which a day (`2026-03-01`) begins in Riyadh, or the one so many days later does. */
export const riyadhDay = (day: string, later = 0): Date =>
  after(new Date(`${day}T00:00:00+03:00`), days(later))

export const riyadhYear = (at: Date): number => Number(riyadhLocal(at).slice(0, 4))
