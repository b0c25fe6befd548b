import type { Redis } from 'ioredis'
import type { Clock } from './clock.js'
import type { Config } from './config/index.js'
import type { Db } from './database.js'
import { createLocks } from './lock.js'
import type { Logger } from './logger.js'
import { createOutbox } from './outbox.js'
import { createOutboxRepair } from './outbox-repair.js'
import { createQueueFigures } from './queue-figures.js'
import { createSchedule } from './schedule.js'
import { createBell } from './wake-up.js'

type Deps = { db: Db; clock: Clock; redis: () => Redis; logger: Logger; config: Config }

/** What background work is made of: nothing of it connects before it is used. */
export function createBackground({ db, clock, redis, logger, config }: Deps) {
  const prefix = config.REDIS_PREFIX
  const ring = createBell(db)
  const outbox = createOutbox({ db, clock, ring })
  const locks = createLocks({ redis, db, clock, prefix })
  return {
    ring,
    outbox,
    locks,
    schedule: createSchedule({ db, clock, outbox, locks, logger }),
    figures: createQueueFigures({ db, clock, redis, prefix }),
    repair: createOutboxRepair({ db, clock, keepDays: config.OUTBOX_KEEP_DAYS }),
  }
}
