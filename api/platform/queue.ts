import { setTimeout as wait } from 'node:timers/promises'
import BeeQueue from 'bee-queue'
import { unavailable } from './errors.js'
import type { Logger } from './logger.js'
import { connectQueueRedis, type QueueRedis } from './queue-redis.js'

/** What travels through Redis: the id of an outbox row. What it is about is read from the database. */
export type HandOver = { outboxId: string }
export type Handler = (job: HandOver, signal: AbortSignal) => Promise<void>

export type QueueSettings = {
  name: string
  redisUrl: string
  prefix: string
  logger: Logger
}

/** How a worker treats a job of the `orders` queue. */
const ATTEMPTS = 3
const FIRST_DELAY_MS = 1_000
const TIMEOUT_MS = 30_000
const STALL_CHECK_MS = 5_000
/** A Redis that takes longer to store a job is as good as gone: the outbox keeps the work. */
const STORE_MS = 2_000
const GOODBYE_MS = 2_000

export type Producer = ReturnType<typeof createProducer>

/** Puts hand-overs into a queue. Keeps no job in memory and listens to nothing. */
export function createProducer({ name, redisUrl, prefix, logger }: QueueSettings) {
  const redis = connect(redisUrl, name, logger)
  const queue = new BeeQueue<HandOver>(name, {
    prefix: `{${prefix}}`,
    redis: asBeeClient(redis),
    isWorker: false,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
  })
  listen(queue, name, logger)
  return {
    /** False while Redis is away: what is due then waits in the outbox. */
    isReady: () => redis.isReady(),

    /** The job's id is the hand-over's: a second one for the same hand-over is not stored. */
    async add(outboxId: string, handOver: number): Promise<void> {
      if (!redis.isReady()) throw unavailable('queue')
      const job = queue
        .createJob({ outboxId })
        .setId(`${outboxId}.${handOver}`)
        .retries(ATTEMPTS - 1)
        .backoff('exponential', FIRST_DELAY_MS)
        .timeout(TIMEOUT_MS)
      await within(job.save(), STORE_MS)
    },
    close: () => closeQueue(queue, redis),
  }
}

/** Works a queue off until closed. A handler gets a signal that fires when its time is over. */
export function createConsumer(settings: QueueSettings, concurrency: number, handler: Handler) {
  const { name, redisUrl, prefix, logger } = settings
  const redis = connect(redisUrl, name, logger)
  const queue = new BeeQueue<HandOver>(name, {
    prefix: `{${prefix}}`,
    redis: asBeeClient(redis),
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    activateDelayedJobs: true,
    removeOnSuccess: true,
    removeOnFailure: true, // the outbox row stays and is handed over again
  })
  listen(queue, name, logger)
  queue.on('failed', (job, error) =>
    logger.warn('job_failed', { queue: name, job: job.id, error: error.message }),
  )
  queue.on('stalled', id => logger.warn('job_stalled', { queue: name, job: id }))
  const running = new Set<Promise<void>>()
  queue.process(concurrency, job => {
    const work = handler(job.data, AbortSignal.timeout(TIMEOUT_MS))
    running.add(work)
    return work.finally(() => running.delete(work))
  })
  // given an interval it repeats by itself; without one it would look once, at the start
  queue.checkStalledJobs(STALL_CHECK_MS)?.catch(() => undefined)
  return {
    /** Finishes what is running, whether Redis can be told of it or not. */
    close: (timeoutMs = 10_000) => closeQueue(queue, redis, running, timeoutMs),
  }
}

/** Says once that Redis is away, however often the connections are tried again meanwhile. */
function connect(url: string, name: string, logger: Logger): QueueRedis {
  let isDown = false
  const redis = connectQueueRedis(url, error => {
    if (!isDown) logger.warn('queue_error', { queue: name, error: error.message })
    isDown = true
  })
  redis.client.on('ready', () => {
    if (isDown) logger.info('queue_back', { queue: name })
    isDown = false
  })
  return redis
}

/** An unheard 'error' or rejection would end the process; Redis being away is a state, not a crash. */
function listen(queue: BeeQueue<HandOver>, name: string, logger: Logger): void {
  queue.on('error', error => logger.warn('queue_error', { queue: name, error: error.message }))
  queue.ready().catch(() => undefined)
}

/**
 * Waits for what is running, then takes leave of Redis. One that is away, or does not answer, is not waited for:
 * what it was not told is done again, without harm.
 */
async function closeQueue(
  queue: BeeQueue<HandOver>,
  redis: QueueRedis,
  running: Iterable<Promise<void>> = [],
  timeoutMs = GOODBYE_MS,
): Promise<void> {
  const closed = queue.close(timeoutMs).catch(() => undefined)
  await Promise.race([Promise.allSettled(running), pause(timeoutMs)])
  if (redis.isReady()) await Promise.race([closed, pause(GOODBYE_MS)])
  redis.disconnect()
}

const pause = (ms: number) => wait(ms, undefined, { ref: false })

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const decided = new AbortController()
  const late = wait(ms, undefined, { signal: decided.signal }).then(() =>
    Promise.reject(unavailable('queue')),
  )
  // whichever loses the race may still fail later, unheard
  for (const side of [late, work]) side.catch(() => undefined)
  return Promise.race([work, late]).finally(() => decided.abort()) as Promise<T>
}

/** bee-queue's types know node_redis only; the adapter keeps the promise its code relies on. */
const asBeeClient = ({ client }: QueueRedis) =>
  client as unknown as NonNullable<BeeQueue.QueueSettings['redis']>
