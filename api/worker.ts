import { setTimeout as wait } from 'node:timers/promises'
import { Cron } from 'croner'
import { type Context, createContext } from './context.js'
import { isMain, untilSignal } from './entry.js'
import { readConfig } from './platform/config/index.js'
import { dispatchOnce, perform, type TopicHandlers } from './platform/dispatcher.js'
import { createLogger, type Logger } from './platform/logger.js'
import { createConsumer, createProducer, type Producer } from './platform/queue.js'

const CONCURRENCY = 5
const POLL_MS = 100
const NOTHING_MOVED = 0
const LAST_BATCH_MS = 3_000

/** Queue consumers, the outbox dispatcher and the recurring jobs. Any number of workers may run. */
export async function startWorker(env: NodeJS.ProcessEnv): Promise<{ close(): Promise<void> }> {
  const config = readConfig(env, 'worker')
  const logger = createLogger({ level: config.LOG_LEVEL, environment: config.NODE_ENV })
  const context = createContext(config, { logger, role: 'worker' })
  const running = runWorker(context)
  logger.info('worker_started', { pid: process.pid })
  return {
    async close() {
      await running.close()
      await context.close()
      logger.info('worker_stopped')
    },
  }
}

export function runWorker(
  { config, logger, services }: Context,
  handlers: TopicHandlers = handlersOf(services),
): { close(): Promise<void> } {
  const settings = {
    name: 'orders',
    redisUrl: config.redisUrl as string,
    prefix: config.REDIS_PREFIX,
    logger,
  }
  const producer = createProducer(settings)
  const consumer = createConsumer(settings, CONCURRENCY, (job, signal) =>
    perform(job, handlers, services.outbox, signal),
  )
  const stop = new AbortController()
  const handOver = async () =>
    producer.isReady() ? dispatchOnce(services.outbox, producer, logger) : NOTHING_MOVED
  const dispatching = dispatch(handOver, logger, stop.signal)
  const recurring = schedule(services, logger)

  return {
    async close() {
      stop.abort()
      for (const job of recurring) job.stop()
      await Promise.all([consumer.close(), finish(dispatching, producer)])
    },
  }
}

/** Lets the dispatcher end its batch; one that waits for a Redis that is away is cut short. */
async function finish(dispatching: Promise<void>, producer: Producer): Promise<void> {
  await Promise.race([dispatching, wait(LAST_BATCH_MS, undefined, { ref: false })])
  await producer.close()
  await dispatching
}

/** What is done for each thing that happened. Each may run twice without harm. */
export function handlersOf({
  webhooks,
  invoices,
  payments,
  account,
  messages,
  files,
  photos,
  kycChecks,
}: Context['services']): TopicHandlers {
  return {
    webhook_received: ({ eventId }) => webhooks.process(eventId),
    order_paid: async ({ orderId }) => void (await invoices.issueForOrder(orderId)),
    order_cancelled: ({ orderId }) => payments.refundCancelled(orderId),
    refund_requested: ({ refundId }) => payments.performRefund(refundId),
    refund_completed: async ({ refundId }) => {
      await invoices.issueCreditNote(await payments.refundOf(refundId))
    },
    password_reset_asked: ({ email }) => account.openReset(email),
    file_removed: ({ fileId }) => files.removeBytes(fileId),
    photo_removed: ({ sellerId, content }) => photos.forgetFiles(sellerId, content),
    kyc_checks_due: ({ sellerId }) => kycChecks.runDue(sellerId),
    message_due: (message, signal, id) => messages.send(message, signal, id),
  }
}

function schedule(
  {
    orders,
    payments,
    idempotency,
    challenges,
    operations,
    files,
    kycCalendar,
    kycPapers,
  }: Context['services'],
  logger: Logger,
): Cron[] {
  const every = (pattern: string, name: string, work: () => Promise<number>) =>
    new Cron(pattern, { timezone: 'Asia/Riyadh', protect: true, unref: true }, async () => {
      try {
        const count = await work()
        if (count > 0) logger.info('scheduled_job', { name, count })
      } catch (error) {
        logger.error('scheduled_job_failed', { name, error })
      }
    })
  return [
    every('*/10 * * * * *', 'expire-holds', () => orders.expireHolds()),
    every('30 * * * * *', 'refresh-overdue-payments', () => payments.refreshOverdue()),
    every('45 * * * * *', 'refresh-refunds', () => payments.refreshRefunds()),
    every('0 17 * * * *', 'forget-idempotency-keys', () => idempotency.forgetExpired()),
    every('0 27 * * * *', 'forget-challenges', () => challenges.forgetOld()),
    every('0 5 0 * * *', 'expire-sellers', () => kycCalendar.expire()),
    every('0 0 9 * * *', 'remind-sellers', () => kycCalendar.remind()),
    every('0 52 * * * *', 'recheck-sellers', () => kycCalendar.recheck()),
    every('0 57 * * * *', 'forget-papers', () => kycPapers.forgetOld()),
    every('0 47 * * * *', 'forget-files', () => files.forgetExpired()),
    every('0 37 * * * *', 'forget-operations', () => operations.forgetExpired()),
  ]
}

/** Moves what is due until told to stop; pauses when there is nothing, and longer when the database is away. */
async function dispatch(once: () => Promise<number>, logger: Logger, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    let moved = 0
    try {
      moved = await once()
      failures = 0
    } catch (error) {
      failures += 1
      if (failures === 1) logger.error('outbox_dispatch_failed', { error })
    }
    const pause = failures > 0 ? Math.min(2_000, POLL_MS * 2 ** failures) : moved > 0 ? 0 : POLL_MS
    await wait(pause, undefined, { signal }).catch(() => undefined)
  }
}

if (isMain(import.meta.url)) await untilSignal(() => startWorker(process.env))
