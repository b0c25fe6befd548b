import { createContext } from '../../api/context.js'
import { untilSignal } from '../../api/entry.js'
import { handlersOf } from '../../api/jobs.js'
import { readConfig } from '../../api/platform/config/index.js'
import { createLogger } from '../../api/platform/logger.js'
import { runWorker } from '../../api/worker.js'

/**
 * A worker process whose work can be counted: for each webhook event it notes that it began, then adds one to a
 * counter, once for each job, in one transaction. What a crash between that and the job's end would do twice, the
 * unique note of the effect keeps it from. Its recurring work does the same for each slot, behind its fence.
 */
const config = readConfig(process.env, 'worker')
const logger = createLogger({ level: config.LOG_LEVEL, environment: config.NODE_ENV })
const context = createContext(config, { logger, role: 'worker' })
const { db, services } = context

const handlers = {
  ...handlersOf(services),
  webhook_received: async ({ eventId }: { eventId: string }) => {
    await db('attempts').insert({ job: eventId, pid: process.pid })
    await db.transaction(async trx => {
      const fresh = await trx('effects').insert({ job: eventId }).onConflict('job').ignore().returning('job')
      if (fresh.length > 0) await trx('totals').increment('effects', 1)
    })
  },
}
const recurring = [
  {
    name: 'count-slots',
    pattern: '* * * * * *',
    missed: 'each' as const,
    work: async ({ slot, fence }: { slot: Date; fence(trx: never): Promise<void> }) => {
      await db('attempts').insert({ job: slot.toISOString(), pid: process.pid })
      await db.transaction(async trx => {
        await fence(trx as never)
        const fresh = await trx('effects')
          .insert({ job: slot.toISOString() })
          .onConflict('job')
          .ignore()
          .returning('job')
        if (fresh.length > 0) await trx('totals').increment('slots', 1)
      })
      return 1
    },
  },
]

await untilSignal(async () => {
  const running = runWorker(context, {
    handlers,
    recurring: process.argv.includes('--slots') ? recurring : [],
  })
  logger.info('worker_started', { pid: process.pid })
  return {
    async close() {
      await running.close()
      await context.close()
    },
  }
})
