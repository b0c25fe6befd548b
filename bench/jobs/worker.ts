import { createContext } from '../../api/context.js'
import { untilSignal } from '../../api/entry.js'
import { handlersOf } from '../../api/jobs.js'
import { readConfig } from '../../api/platform/config/index.js'
import { createLogger } from '../../api/platform/logger.js'
import { runWorker } from '../../api/worker.js'

/**
 * A worker as it is, but that its handler of webhook events only notes when it began. At its end it prints what it
 * noted: the id and the milliseconds since 1970 of each.
 */
const config = readConfig(process.env, 'worker')
const logger = createLogger({ level: config.LOG_LEVEL, environment: config.NODE_ENV })
const context = createContext(config, { logger, role: 'worker' })
const begun: [string, number][] = []

await untilSignal(async () => {
  const handlers = {
    ...handlersOf(context.services),
    webhook_received: async ({ eventId }: { eventId: string }) =>
      void begun.push([eventId, performance.timeOrigin + performance.now()]),
  }
  const running = runWorker(context, { handlers, recurring: [] })
  logger.info('worker_started')
  return {
    async close() {
      await running.close()
      await context.close()
      process.stdout.write(`begun ${JSON.stringify(begun)}\n`)
    },
  }
})
