import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from './clock.js'
import { gather } from './gather.js'
import type { Logger } from './logger.js'
import { NotYet } from './not-yet.js'
import { type HeldRow, LEASE_MS, type Outbox } from './outbox.js'
import type { Work } from './queue.js'
import { type Lane, RULES } from './queue-rules.js'
import type { TopicHandler, TopicHandlers } from './topics.js'

/** What happened to a job: counted by lane, see queue-counts.ts. */
export type JobEvent = 'done' | 'failed' | 'retried' | 'stalled'
type Options = {
  outbox: Outbox
  handlers: TopicHandlers
  logger: Logger
  /** A name no other process has. */
  worker: string
  count?: (lane: Lane, event: JobEvent) => void
  /** How long a try may take: the lane's own time. */
  timeoutMs?: (lane: Lane) => number
}
type Running = { row: HeldRow; control: AbortController }

const RENEW_MS = LEASE_MS / 3
/** Between telling what runs to end, and handing it back. */
const LAST_WORD_MS = seconds(1)
/** How often, and at what growing pauses, the end of a job is written down. */
const KEEP_TIMES = 5
const KEEP_PAUSE_MS = seconds(1)

export type Performer = ReturnType<typeof createPerformer>

/**
 * Does the work of hand-overs, each row in the hands of this worker alone. A try ends when its handler has ended: one
 * that does not heed its signal keeps its row (and its place in the lane), so that no second one runs beside it.
 */
export function createPerformer({
  outbox,
  handlers,
  logger,
  worker,
  count = () => undefined,
  timeoutMs: timeoutOf = lane => RULES[lane].timeoutMs,
}: Options) {
  const running = new Map<string, Running>()
  const begin = gather((ids: string[]) =>
    outbox.begin(ids, worker).then(rows => new Map(rows.map(row => [row.id, row]))),
  )
  const finish = gather((rows: HeldRow[]) => outbox.finish(rows, worker).then(ids => new Set(ids)))
  const renewing = setInterval(() => void renew(), RENEW_MS)
  renewing.unref()

  const perform: Work = async outboxId => {
    let row: HeldRow | undefined
    try {
      // the same one may have been asked for twice: the first takes it
      const begun = await begin(outboxId)
      row = begun.get(outboxId)
      begun.delete(outboxId)
    } catch (error) {
      // nothing began: the outbox hands it over again
      logger.error('job_not_begun', { id: outboxId, error })
      return 'over'
    }
    return row ? attempt(row) : 'over'
  }

  async function attempt(row: HeldRow): Promise<'over' | 'again'> {
    const { id, topic, lane, tries } = row
    const control = new AbortController()
    const timeoutMs = timeoutOf(lane)
    const late = setTimeout(() => {
      logger.warn('job_overdue', { id, topic, lane, tries, timeoutMs })
      control.abort(new Error(`not done within ${timeoutMs} ms`))
    }, timeoutMs)
    running.set(id, { row, control })
    const started = performance.now()
    try {
      if (!Object.hasOwn(handlers, topic)) throw new Error(`no handler for topic ${topic}`)
      // the topic names the payload's type; the table keeps the two together
      await (handlers[topic] as TopicHandler<never>)(row.payload as never, control.signal, id)
    } catch (error) {
      const next = await giveUp(row, error)
      running.delete(id)
      return next
    } finally {
      clearTimeout(late)
    }
    await keepDone(row, Math.round(performance.now() - started))
    return 'over'
  }

  /** It is done: a database that is away for a moment must not have it done again. */
  async function keepDone(row: HeldRow, ms: number): Promise<void> {
    const { id, topic, lane, tries } = row
    for (let time = 1; ; time++) {
      try {
        const isCounted = (await finish(row)).has(id)
        count(lane, 'done')
        logger.debug('job_done', { id, topic, lane, tries, ms })
        if (!isCounted) logger.warn('job_lost', { id, topic, lane, tries })
        break
      } catch (error) {
        if (time < KEEP_TIMES) {
          await wait(KEEP_PAUSE_MS * time)
          continue
        }
        logger.error('job_outcome_not_kept', { id, topic, lane, tries, unwritten: error })
        break
      }
    }
    running.delete(id)
  }

  /** What cannot be written down now is found by its lease, which ends. */
  async function giveUp(row: HeldRow, error: unknown): Promise<'over' | 'again'> {
    const { id, topic, lane, tries } = row
    try {
      if (error instanceof NotYet) {
        await outbox.postpone(row, worker, error.message, error.againMs)
        logger.info('job_postponed', { id, topic, lane, reason: error.message })
        return 'over'
      }
      const verdict = await outbox.fail(row, worker, error)
      count(lane, verdict === 'again' || verdict === 'later' ? 'retried' : 'failed')
      const level = verdict === 'failed' ? 'error' : 'warn'
      logger[level]('job_failed', { id, topic, lane, tries, verdict, error })
      return verdict === 'again' ? 'again' : 'over'
    } catch (unwritten) {
      logger.error('job_outcome_not_kept', { id, topic, lane, tries, error, unwritten })
      return 'over'
    }
  }

  /** A row that is no longer ours was taken for abandoned: whoever has it now does it, and ours is told to end. */
  async function renew(): Promise<void> {
    const held = [...running.values()]
    if (held.length === 0) return
    try {
      const kept = new Set(
        await outbox.renew(
          held.map(({ row }) => row),
          worker,
        ),
      )
      for (const { row, control } of held) {
        if (kept.has(row.id) || running.get(row.id)?.control !== control) continue
        control.abort(new Error('another worker has it'))
      }
    } catch (error) {
      logger.warn('lease_not_renewed', { error })
    }
  }

  return {
    perform,
    running: () => running.size,

    /** Waits for what runs; then tells it to end; then hands back what has not. */
    async close(timeoutMs: number): Promise<void> {
      const deadline = performance.now() + timeoutMs
      while (running.size > 0 && performance.now() < deadline) await wait(20)
      for (const { control } of running.values()) control.abort(new Error('the worker stops'))
      const last = performance.now() + LAST_WORD_MS
      while (running.size > 0 && performance.now() < last) await wait(20)
      clearInterval(renewing)
      const left = [...running.values()].map(({ row }) => row)
      if (left.length === 0) return
      logger.warn('jobs_handed_back', { ids: left.map(({ id }) => id) })
      await outbox.handBack(left, worker).catch(() => undefined)
    },
  }
}
