import { Redis } from 'ioredis'
import type { Logger } from './logger.js'

/** Back-off min(n × 50 ms, 2 s); a command is tried three times over, then fails instead of waiting for ever. */
export function createRedis(url: string, logger: Logger, role: string): Redis {
  const redis = new Redis(url, {
    connectionName: `cargoparts-${role}`,
    maxRetriesPerRequest: 3,
    connectTimeout: 10_000,
    retryStrategy: attempt => Math.min(attempt * 50, 2_000),
  })
  let down = false
  redis.on('error', error => {
    if (!down) logger.warn('redis_unreachable', { role, error: (error as Error).message })
    down = true
  })
  redis.on('ready', () => {
    if (down) logger.info('redis_back', { role })
    down = false
  })
  return redis
}
