import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Context, createContext } from './context.js'
import { type Closable, isMain, untilSignal } from './entry.js'
import { type HandlersOfModules, handlersOf, recurringOf } from './jobs.js'
import { seconds } from './platform/clock.js'
import { readConfig } from './platform/config/index.js'
import { startDispatcher } from './platform/dispatcher.js'
import { createLogger } from './platform/logger.js'
import { createPerformer } from './platform/perform.js'
import { connectQueues, createConsumer, createProducer } from './platform/queue.js'
import { createQueueCounts } from './platform/queue-counts.js'
import { LANES } from './platform/queue-rules.js'
import type { RecurringJob } from './platform/recurring.js'
import { startScheduler } from './platform/scheduler.js'
import { listen } from './platform/wake-up.js'
import { abandoned, doorOf, openWorkerDoor, tellReady } from './supervised.js'

/** What runs when a worker is told to stop has so long; then it is told to end, and handed back. */
const STOP_MS = seconds(20)

/** Queue consumers, the outbox dispatcher and the recurring jobs. Any number of workers may run. */
export async function startWorker(env: NodeJS.ProcessEnv): Promise<Closable> {
  const config = readConfig(env, 'worker')
  const logger = createLogger({ level: config.LOG_LEVEL, environment: config.NODE_ENV })
  const context = createContext(config, { logger, role: 'worker' })
  const running = runWorker(context)
  const path = doorOf(env)
  const door = path ? await openWorkerDoor(path, context.services.health) : undefined
  logger.info('worker_started', { pid: process.pid, concurrency: config.WORKER_CONCURRENCY })
  tellReady()
  return {
    ...(door ? { abandoned: abandoned() } : {}),
    async close() {
      logger.info('worker_stopping')
      await running.close()
      door?.close()
      await context.close()
      logger.info('worker_stopped')
    },
  }
}

type Work = { handlers?: HandlersOfModules; recurring?: readonly RecurringJob[]; stopMs?: number }

export function runWorker(
  { config, logger, services, schedule }: Context,
  { handlers = handlersOf(services), recurring = recurringOf(services), stopMs = STOP_MS }: Work = {},
): { close(): Promise<void> } {
  const { outbox } = services
  const queues = connectQueues({ redisUrl: config.redisUrl as string, prefix: config.REDIS_PREFIX, logger })
  const counts = createQueueCounts(queues.client, config.REDIS_PREFIX, logger)
  const performer = createPerformer({
    outbox,
    handlers: { ...handlers, recurring_due: schedule.handler(recurring) },
    logger,
    worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    count: counts.count,
  })
  const consumers = LANES.flatMap(lane => {
    const concurrency = config.WORKER_CONCURRENCY[lane]
    const onStalled = () => counts.count(lane, 'stalled')
    return concurrency > 0
      ? [createConsumer(queues, lane, { concurrency, work: performer.perform, onStalled })]
      : []
  })
  let wake = () => {}
  const wakeUp = listen(config.DATABASE_DIRECT_URL ?? (config.DATABASE_URL as string), logger, () => wake())
  const dispatcher = startDispatcher({
    outbox,
    producer: createProducer(queues),
    logger,
    isListening: wakeUp.isListening,
  })
  wake = dispatcher.wake
  queues.client.on('ready', wake)
  const scheduler = startScheduler({ schedule, jobs: recurring, logger })

  return {
    async close() {
      const worked = performer.close(stopMs)
      await Promise.all([
        ...consumers.map(consumer => consumer.close(worked)),
        dispatcher.close(),
        scheduler.close(),
        wakeUp.close(),
      ])
      await counts.close()
      queues.disconnect()
    },
  }
}

if (isMain(import.meta.url)) await untilSignal(() => startWorker(process.env))
