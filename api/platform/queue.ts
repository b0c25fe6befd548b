import BeeQueue from 'bee-queue'
import type { Redis } from 'ioredis'
import type { Logger } from './logger.js'
import { connectQueueRedis } from './queue-redis.js'

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

export type Producer = ReturnType<typeof createProducer>

/** Puts hand-overs into a queue. Keeps no job in memory and listens to nothing. */
export function createProducer({ name, redisUrl, prefix, logger }: QueueSettings) {
  const redis = connectQueueRedis(redisUrl, { maxRetriesPerRequest: 3 })
  const queue = new BeeQueue<HandOver>(name, {
    prefix: `{${prefix}}`,
    redis: asBeeClient(redis),
    isWorker: false,
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    removeOnSuccess: true,
  })
  listen(queue, redis, name, logger)
  return {
    /** The job's id is the hand-over's: a second one for the same hand-over is not stored. */
    async add(outboxId: string, handOver: number): Promise<void> {
      await queue
        .createJob({ outboxId })
        .setId(`${outboxId}.${handOver}`)
        .retries(ATTEMPTS - 1)
        .backoff('exponential', FIRST_DELAY_MS)
        .timeout(TIMEOUT_MS)
        .save()
    },
    async close(): Promise<void> {
      await queue.close(2_000).catch(() => undefined)
      redis.disconnect()
    },
  }
}

/** Works a queue off until closed. A handler gets a signal that fires when its time is over. */
export function createConsumer(settings: QueueSettings, concurrency: number, handler: Handler) {
  const { name, redisUrl, prefix, logger } = settings
  const redis = connectQueueRedis(redisUrl)
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
  listen(queue, redis, name, logger)
  queue.on('failed', (job, error) =>
    logger.warn('job_failed', { queue: name, job: job.id, error: error.message }),
  )
  queue.on('stalled', id => logger.warn('job_stalled', { queue: name, job: id }))
  queue.process(concurrency, job => handler(job.data, AbortSignal.timeout(TIMEOUT_MS)))
  // given an interval it repeats by itself; without one it would look once, at the start
  queue.checkStalledJobs(STALL_CHECK_MS)?.catch(() => undefined)
  return {
    async close(timeoutMs = 10_000): Promise<void> {
      await queue.close(timeoutMs).catch(() => undefined)
      redis.disconnect()
    },
  }
}

/** An unheard 'error' would end the process; Redis being away is a state, not a crash. */
function listen(queue: BeeQueue<HandOver>, redis: Redis, name: string, logger: Logger): void {
  const report = (error: Error) => logger.warn('queue_error', { queue: name, error: error.message })
  queue.on('error', report)
  redis.on('error', report)
}

/** bee-queue's types know node_redis only; the adapter keeps the promise its code relies on. */
const asBeeClient = (redis: Redis) => redis as unknown as NonNullable<BeeQueue.QueueSettings['redis']>
