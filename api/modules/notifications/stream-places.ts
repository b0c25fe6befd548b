import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'

/** A phone, a few tabs, and connections that were left behind by a network that changed. */
export const MOST_STREAMS = 6
/** One that is not renewed belongs to a process that ended. */
export const PLACE_MS = 45_000
/** Who opens a stream waits no longer for Redis. */
const PATIENCE_MS = 500

const TAKE = `
  local t = redis.call('time')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  redis.call('zremrangebyscore', KEYS[1], '-inf', now)
  if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('zadd', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[3])
  return 1`
const RENEW = `
  local t = redis.call('time')
  redis.call('zadd', KEYS[1], t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[2], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[2])`

type Place = { userId: string; id: string }
export type StreamPlaces = ReturnType<typeof createStreamPlaces>

/** How many streams an account has open, over all processes. While Redis is away each process knows its own. */
export function createStreamPlaces({ redis, prefix }: { redis: () => Redis; prefix: string }) {
  const key = (userId: string) => `${prefix}:streams:{${userId}}`

  return {
    /** False where the account has as many as it may. */
    async take({ userId, id }: Place): Promise<boolean> {
      const asked = redis().eval(TAKE, 1, key(userId), id, MOST_STREAMS, PLACE_MS)
      const reply = await Promise.race([asked, wait(PATIENCE_MS, undefined, { ref: false })]).catch(
        () => undefined,
      )
      return reply !== 0
    },

    /** Keeps those that are still open. */
    renew(places: readonly Place[]): void {
      const client = redis()
      if (client.status !== 'ready' || places.length === 0) return
      const pipeline = client.pipeline()
      for (const { userId, id } of places) pipeline.eval(RENEW, 1, key(userId), id, PLACE_MS)
      pipeline.exec().catch(() => undefined)
    },

    give({ userId, id }: Place): void {
      const client = redis()
      // it ends by itself
      if (client.status === 'ready') client.zrem(key(userId), id).catch(() => undefined)
    },
  }
}
