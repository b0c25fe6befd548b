import { gunzipSync } from 'node:zlib'
import { type Answer, type Call, json, type Route } from '../http.js'
import type { EventBox } from './event-box.js'
import { checkEvent, type Failure } from './event-rules.js'

const MOST_EVENTS = 2_000
const MOST_BYTES = 10 * 1024 * 1024

/**
 * `POST /mixpanel/import` as `POST https://api.mixpanel.com/import`: the project token as the name in Basic
 * authentication, JSON or lines of it, gzip or not. What is sent can be read at `GET /mixpanel/events.json`, which
 * Mixpanel has not.
 */
export function mixpanelRoutes(box: EventBox, now: () => Date): Route[] {
  return [
    {
      method: 'POST',
      path: '/mixpanel/import',
      operation: 'mixpanel.import',
      async handle(call) {
        box.noteRequest()
        if (tokenOf(call) === '') return refusal(401, 'Invalid credentials', 'Unauthorized')
        const records = await recordsOf(call)
        if (records === undefined) return refusal(400, 'request body is not valid JSON', 'Bad Request')
        if (records.length > MOST_EVENTS)
          return refusal(
            413,
            `request exceeds the limit of ${MOST_EVENTS} events`,
            'Request Entity Too Large',
          )
        return take(box, records, now())
      },
    },
    { method: 'GET', path: '/mixpanel/events.json', handle: () => json(200, { items: box.list() }) },
  ]
}

function take(box: EventBox, records: unknown[], now: Date): Answer {
  const failures: Failure[] = []
  let imported = 0
  for (const [index, record] of records.entries()) {
    const result = checkEvent(record, index, now)
    if ('failure' in result) failures.push(result.failure)
    else {
      box.take(result.event)
      imported += 1
    }
  }
  if (failures.length === 0) return json(200, { code: 200, num_records_imported: imported, status: 'OK' })
  return json(400, {
    code: 400,
    error: 'some data points in the request failed validation',
    failed_records: failures,
    num_records_imported: imported,
    status: 'Bad Request',
  })
}

const refusal = (code: number, error: string, status: string): Answer => json(code, { code, error, status })

function tokenOf({ headers }: Call): string {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers.authorization ?? '') ?? []
  return Buffer.from(encoded, 'base64').toString().split(':')[0] ?? ''
}

/** Undefined where the body is not what it says it is. */
async function recordsOf({ headers, bytes }: Call): Promise<unknown[] | undefined> {
  const raw = await bytes()
  try {
    const isZipped = headers['content-encoding'] === 'gzip'
    const text = (isZipped ? gunzipSync(raw, { maxOutputLength: MOST_BYTES }) : raw).toString('utf8')
    const isLines = headers['content-type']?.startsWith('application/x-ndjson')
    const records: unknown = isLines
      ? text.split('\n').flatMap(line => (line.trim() === '' ? [] : [JSON.parse(line)]))
      : JSON.parse(text)
    return Array.isArray(records) ? records : undefined
  } catch {
    return undefined
  }
}
