import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { unavailable } from '../../platform/errors.js'
import type { KnownEvent } from './business-event.js'

/** Where business events go, by id; what was not taken is among the answer, with the reason. */
export type EventSink = {
  send(events: readonly KnownEvent[], signal: AbortSignal): Promise<Map<string, string>>
}

const TIMEOUT_MS = 10_000
const Refusal = z.object({
  error: z.string().optional(),
  failed_records: z
    .array(z.object({ index: z.int(), field: z.string().optional(), message: z.string() }))
    .default([]),
})

type Settings = { baseUrl: string; token: string; pseudonymKey: () => string }

/**
 * Mixpanel's ingest protocol, `POST /import?strict=1` (docs.mixpanel.com/reference/import-events): the token as the
 * name in Basic authentication; a batch in which some are refused answers 400 and has taken the others; the same
 * `$insert_id` again is the same event. What leaves the Kingdom is a pseudonym under a key that stays here, and facts
 * that mean nobody; no address of a person's device, so nothing is looked up by it.
 */
export function createMixpanel({ baseUrl, token, pseudonymKey }: Settings): EventSink {
  const pseudonym = (kind: string, id: string) =>
    createHmac('sha256', pseudonymKey()).update(`${kind}\n${id}`).digest('hex').slice(0, 32)

  const recordOf = ({ id, event, at, count, userId, facts }: KnownEvent) => ({
    event,
    properties: {
      time: at.getTime(),
      // one that is nobody's says so: left out, an address would be taken for a person
      distinct_id: userId === null ? '' : pseudonym('user', userId),
      $insert_id: pseudonym('event', id),
      count,
      ...facts,
    },
  })

  return {
    async send(events, signal) {
      const response = await fetch(`${baseUrl}/import?strict=1`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}`,
        },
        body: JSON.stringify(events.map(recordOf)),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      }).catch(cause => Promise.reject(unavailable('mixpanel', cause)))
      if (response.status === 429 || response.status >= 500) {
        await response.body?.cancel()
        throw unavailable('mixpanel', new Error(`it answered ${response.status}`))
      }
      const refused = response.status === 400 ? await refusedBy(response) : undefined
      if (refused) return new Map(refused.map(({ index, reason }) => [events[index]?.id ?? '', reason]))
      await response.body?.cancel()
      if (!response.ok) throw new Error(`Mixpanel answered ${response.status}: is MIXPANEL_TOKEN right?`)
      return new Map()
    },
  }
}

/** Which records of the batch, by their place. A 400 that names none refused the whole request. */
async function refusedBy(response: Response): Promise<{ index: number; reason: string }[]> {
  const read = Refusal.safeParse(await response.json().catch(() => ({})))
  const { error = 'no reason given', failed_records: failed = [] } = read.data ?? {}
  if (failed.length === 0) throw new Error(`Mixpanel refused the request: ${error.slice(0, 200)}`)
  return failed.map(({ index, field = '', message }) => ({
    index,
    reason: `${field} ${message}`.slice(0, 200),
  }))
}
