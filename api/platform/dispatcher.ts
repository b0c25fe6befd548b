import type { Logger } from './logger.js'
import { MAX_HAND_OVERS, type Outbox } from './outbox.js'
import type { HandOver, Producer } from './queue.js'
import type { TopicHandlers } from './topics.js'

const BATCH = 100

/** Moves what is due from the outbox into the queue. Any number may run at once. Returns how many it moved. */
export async function dispatchOnce(outbox: Outbox, producer: Producer, logger: Logger): Promise<number> {
  const rows = await outbox.claim(BATCH)
  for (const row of rows) {
    try {
      await producer.add(row.id, row.handOvers)
      if (row.handOvers >= MAX_HAND_OVERS)
        logger.error('outbox_last_hand_over', { id: row.id, topic: row.topic })
    } catch (error) {
      logger.warn('outbox_hand_over_failed', { id: row.id, topic: row.topic, error })
      await outbox.release(row.id, error instanceof Error ? error.message : String(error))
    }
  }
  return rows.length
}

/** Does the work of one hand-over. Work that is done already is not done again. */
export async function perform(
  { outboxId }: HandOver,
  handlers: TopicHandlers,
  outbox: Outbox,
  signal: AbortSignal,
): Promise<void> {
  const row = await outbox.find(outboxId)
  if (!row || row.doneAt !== null) return
  if (!Object.hasOwn(handlers, row.topic)) throw new Error(`no handler for topic ${row.topic}`)
  // the topic names the payload's type; the table keeps the two together
  const handler = handlers[row.topic] as TopicHandlers[keyof TopicHandlers] as Handler
  try {
    await handler(row.payload, signal, row.id)
  } catch (error) {
    await outbox.noteFailure(outboxId, error instanceof Error ? error.message : String(error))
    throw error
  }
  await outbox.markDone(outboxId)
}

type Handler = (payload: unknown, signal: AbortSignal, id: string) => Promise<void>
