import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from './logger.js'
import type { Outbox } from './outbox.js'
import type { Producer } from './queue.js'
import { LANES } from './queue-rules.js'

/** While the bell is heard, this finds what becomes due by time, and what a lost bell was for. */
const POLL_MS = 1_000
/** While it is not, this is the wait; as it is while a queue holds all it may, which a fast one works off in no time. */
const POLL_SOON_MS = 100
const LONGEST_PAUSE_MS = 2_000

/** How many hand-overs went; and whether a lane holds all it may, so that what is due for it waits. */
export type Moved = { moved: number; isFull: boolean }

/** Moves what is due from the outbox into the queue. Any number may run at once. */
export async function dispatchOnce(outbox: Outbox, producer: Producer, logger: Logger): Promise<Moved> {
  const { room, isEmptied } = await producer.look()
  if (isEmptied) {
    const again = await outbox.requeueAll()
    if (again > 0) logger.warn('queue_lost_its_data', { again })
  }
  const isFull = Object.keys(room).length < LANES.length
  if (Object.keys(room).length === 0) return { moved: 0, isFull }
  const { due, given } = await outbox.claim(room)
  for (const { id, topic, lane } of given)
    logger.error('job_given_up', { id, topic, lane, reason: 'stalled' })
  if (due.length === 0) return { moved: 0, isFull }
  const refused = await producer.add(due)
  for (const [error, ids] of refused) {
    logger.warn('outbox_hand_over_failed', { rows: ids.length, error })
    await outbox.release(ids, error)
  }
  return { moved: due.length, isFull }
}

export type Dispatcher = { wake(): void; close(): Promise<void> }

type Options = {
  outbox: Outbox
  producer: Producer
  logger: Logger
  isListening(): boolean
}

/** Dispatches until closed: at once when woken, now and then when not, seldom while the database is away. */
export function startDispatcher({ outbox, producer, logger, isListening }: Options): Dispatcher {
  const stop = new AbortController()
  let wakeUp = () => {}
  let isWoken = false

  const running = (async () => {
    let failures = 0
    while (!stop.signal.aborted) {
      isWoken = false
      let last: Moved = { moved: 0, isFull: false }
      try {
        if (producer.isReady()) last = await dispatchOnce(outbox, producer, logger)
        failures = 0
      } catch (error) {
        failures += 1
        if (failures === 1) logger.error('outbox_dispatch_failed', { error })
      }
      if (failures > 0) await sleep(Math.min(LONGEST_PAUSE_MS, POLL_SOON_MS * 2 ** failures))
      else if (last.moved === 0 && !isWoken)
        await sleep(isListening() && producer.isReady() && !last.isFull ? POLL_MS : POLL_SOON_MS)
    }
  })()

  /** Ends early when woken. */
  function sleep(ms: number): Promise<void> {
    const over = new AbortController()
    const woken = new Promise<void>(resolve => {
      wakeUp = resolve
    })
    const signal = AbortSignal.any([over.signal, stop.signal])
    const late = wait(ms, undefined, { signal }).catch(() => undefined)
    return Promise.race([woken, late]).finally(() => over.abort()) as Promise<void>
  }

  return {
    wake() {
      isWoken = true
      wakeUp()
    },
    async close() {
      stop.abort()
      await running
    },
  }
}
