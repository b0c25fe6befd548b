import { Redis } from 'ioredis'
import { Environment } from '../../api/platform/config/environment.js'
import { redisUrl } from './database.js'
import { startMonitor } from './redis-monitor.js'
import type { Answer } from './request.js'

/** The limits as they are documented: nothing set. */
export const DOCUMENTED = Object.fromEntries(
  Object.keys(Environment.shape)
    .filter(name => name.startsWith('RATE_LIMIT'))
    .map(name => [name, '']),
)

let serial = 0
/** An address nobody else in these tests comes from, as the one proxy in front reports it. */
export function anAddress(): string {
  serial += 1
  return `198.18.${serial >> 8}.${serial & 255}`
}
export const from = (address: string) => ({ 'x-forwarded-for': address })

/** What an answer says of the limit: most, left, seconds to the next; and how long to wait. */
export function limitIn({ headers }: Pick<Answer, 'headers'>) {
  const number = (name: string) => {
    const value = headers.get(name)
    return value === null ? null : Number(value)
  }
  return {
    limit: number('ratelimit-limit'),
    remaining: number('ratelimit-remaining'),
    reset: number('ratelimit-reset'),
    retryAfter: number('retry-after'),
  }
}

/** A look at the counters of one context, beside the system. */
export function countersOf(prefix: () => string) {
  const redis = new Redis(redisUrl(), { lazyConnect: true })
  const keys = async (part = ''): Promise<string[]> =>
    (await redis.keys(`${prefix()}:{limits}:*`)).filter(key => key.includes(part)).sort()
  return {
    redis,
    keys,
    sizes: async (part = '') => Promise.all((await keys(part)).map(key => redis.zcard(key))),
    /** As if so much time had gone by since everything that is counted. */
    async age(milliseconds: number): Promise<void> {
      for (const key of await keys())
        for (const member of await redis.zrange(key, '0', '-1'))
          await redis.zincrby(key, -milliseconds, member)
    },
    async forget(): Promise<void> {
      const all = await keys()
      if (all.length > 0) await redis.del(all)
    },
    /** The commands a piece of work sends to Redis about limits. */
    async during(work: () => Promise<unknown>): Promise<string[][]> {
      const end = `end-of-${prefix()}-${++serial}`
      const monitor = await startMonitor(redisUrl(), end)
      await work()
      await redis.get(end)
      // what a script calls is no call of ours
      return (await monitor.seen)
        .filter(({ source }) => source !== 'lua')
        .map(({ args }) => args)
        .filter(args => args.some(arg => arg.startsWith(`${prefix()}:{limits}`)))
    },
    close: () => redis.disconnect(),
  }
}
