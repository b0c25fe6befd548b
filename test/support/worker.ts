import type { Context } from '../../api/context.js'
import { waitFor } from '../../api/embedded/process.js'
import type { HandlersOfModules } from '../../api/jobs.js'
import { newId } from '../../api/platform/ids.js'
import type { Room } from '../../api/platform/outbox.js'
import { CONCURRENCY, LANES } from '../../api/platform/queue-rules.js'
import type { RecurringJob } from '../../api/platform/recurring.js'
import { LANE_OF, type Topic } from '../../api/platform/topics.js'
import { runWorker } from '../../api/worker.js'

const PATIENCE_MS = 30_000
/** Room for a hundred of every lane. */
export const ROOM: Room = Object.fromEntries(LANES.map(lane => [lane, 100]))

/** The condition holds in the end, or the test fails with what it was waiting for. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  if (!(await waitFor(condition, patienceMs, 20))) throw new Error(`in vain waited for: ${what}`)
}

/** A worker in this process over a context's database, with a Redis and with handlers of the test's choice. */
export function aWorker(
  context: Context,
  {
    redisUrl,
    handle,
    others = async () => undefined,
    recurring = [],
    stopMs = 10_000,
  }: {
    redisUrl: string
    handle: (eventId: string, signal: AbortSignal) => Promise<void>
    /** Does the work of the other topics. */
    others?: (topic: Topic) => Promise<void>
    recurring?: readonly RecurringJob[]
    stopMs?: number
  },
) {
  const config = { ...context.config, redisUrl, WORKER_CONCURRENCY: { ...CONCURRENCY, orders: 5 } }
  const topics = Object.keys(LANE_OF) as Topic[]
  const handlers = {
    ...Object.fromEntries(topics.map(topic => [topic, () => others(topic)])),
    webhook_received: ({ eventId }: { eventId: string }, signal: AbortSignal) => handle(eventId, signal),
  } as unknown as HandlersOfModules
  return runWorker({ ...context, config }, { handlers, recurring, stopMs })
}

/** Work in the outbox, each piece under an id of its own. Returns the ids. */
export async function addWork({ db, services }: Context, count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, newId)
  await db.transaction(async trx => {
    for (const eventId of ids) await services.outbox.add(trx, 'webhook_received', { eventId })
  })
  return ids
}
