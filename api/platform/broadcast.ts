import type { Redis } from 'ioredis'
import type { Logger } from './logger.js'

/** More than happens in the time of one message; what is left out is made up by whoever listens looking now and then. */
const MOST_WAITING = 10_000

export type Broadcast = ReturnType<typeof createBroadcast>
type Deps = { redis: () => Redis; channel: string; logger: Logger }

/**
 * Tells every process of things that changed, by name. A hint and no more: who must not miss one looks by itself now
 * and then. Telling waits for nothing and never fails; a Redis that is away tells nobody.
 */
export function createBroadcast({ redis, channel, logger }: Deps) {
  let waiting = new Set<string>()
  let telling: Promise<void> | undefined
  let ear: Redis | undefined

  async function tellAll(): Promise<void> {
    // what is told in the same turn of the loop goes together
    await Promise.resolve()
    while (waiting.size > 0) {
      const going = [...waiting]
      waiting = new Set()
      await redis()
        .publish(channel, JSON.stringify(going))
        .catch(error => logger.debug('broadcast_not_told', { channel, error }))
    }
    telling = undefined
  }

  return {
    tell(names: Iterable<string>): void {
      for (const name of names) if (waiting.size < MOST_WAITING) waiting.add(name)
      telling ??= tellAll().catch(() => {
        telling = undefined
      })
    },

    /** From now on; a connection of its own, which comes back by itself. */
    hear(onNames: (names: string[]) => void): void {
      if (ear) return
      ear = redis().duplicate({ maxRetriesPerRequest: null })
      ear.on('error', () => undefined) // the client it was made of says so already
      ear.on('message', (_channel, text) => onNames(namesIn(text)))
      ear.subscribe(channel).catch(() => undefined)
    },

    /** Resolves when what was told is out, or cannot go out. */
    async close(): Promise<void> {
      await telling
      ear?.disconnect()
    },
  }
}

function namesIn(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text)
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : []
  } catch {
    return []
  }
}
