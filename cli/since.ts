import { westernDigits } from '../api/platform/digits.js'
import { AppError } from '../api/platform/errors.js'

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
/** Saudi Arabia is UTC+3 all year. */
const RIYADH = '+03:00'

/** `30m`, `24h`, `7d` back from now; a day (midnight in Riyadh); or an instant with its zone. */
export function instantOf(typed: string, now = new Date()): Date {
  const text = westernDigits(typed)
  const ago = /^(\d{1,5})([mhd])$/.exec(text)
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] as string] as number))
  const [, day, time] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? []
  const at = new Date(`${day}${time ?? `T00:00:00${RIYADH}`}`)
  if (day !== undefined && isOnCalendar(day) && !Number.isNaN(at.getTime())) return at
  throw new AppError(
    'invalid',
    'cli.bad_time',
    `${typed} is no time: use 24h, 7d, 2026-03-01 or 2026-03-01T09:00+03:00.`,
  )
}

/** Date takes 30 February for 2 March. */
function isOnCalendar(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
