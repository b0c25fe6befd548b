/** As docs.mixpanel.com/reference/import-events states them: what a project takes, and how it says what it does not. */
export type Failure = { index: number; $insert_id: string; field: string; message: string }
export type MixpanelEvent = { event: string; properties: Record<string, unknown> }

const EARLIEST_MS = Date.UTC(1971, 0, 1)
const AHEAD_MS = 3_600_000
const MOST_PROPERTIES = 255
/** Times below it are seconds, from it on milliseconds. */
const SECONDS_END = 100_000_000_000

/** Values that mean that somebody forgot to fill one in. */
const PLACEHOLDERS = new Set([
  ...['00000000-0000-0000-0000-000000000000', 'anon', 'anonymous', 'nil', 'none', 'null', 'n/a', 'na'],
  ...['undefined', 'unknown', '<nil>', '0', '-1', 'true', 'false', '[]', '{}'],
])
const isPlaceholder = (value: string) => PLACEHOLDERS.has(value.toLowerCase())

/** What is wrong with the record at its place in the batch; the event itself where nothing is. */
export function checkEvent(
  record: unknown,
  index: number,
  now: Date,
): { event: MixpanelEvent } | { failure: Failure } {
  const { event, properties } = (isObject(record) ? record : {}) as { event?: unknown; properties?: unknown }
  const known = isObject(properties) ? properties : {}
  const fail = (field: string, message: string) => ({
    failure: { index, $insert_id: String(known.$insert_id ?? ''), field, message },
  })
  if (typeof event !== 'string' || event === '') return fail('event', "'event' must not be empty")
  if (!isObject(properties)) return fail('properties', "'properties' must be an object")
  const { time, distinct_id: who, $insert_id: insertId } = properties
  if (!isTime(time, now)) return fail('properties.time', "'properties.time' is invalid")
  if (typeof who !== 'string' || isPlaceholder(who))
    return fail('properties.distinct_id', "'properties.distinct_id' is invalid")
  if (typeof insertId !== 'string' || !/^[A-Za-z0-9-]{1,36}$/.test(insertId) || isPlaceholder(insertId))
    return fail('properties.$insert_id', "'properties.$insert_id' is invalid")
  if (Object.keys(properties).length >= MOST_PROPERTIES) return fail('properties', 'too many properties')
  return { event: { event, properties } }
}

function isTime(value: unknown, now: Date): boolean {
  if (!Number.isInteger(value)) return false
  const ms = (value as number) < SECONDS_END ? (value as number) * 1000 : (value as number)
  return ms >= EARLIEST_MS && ms <= now.getTime() + AHEAD_MS
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
