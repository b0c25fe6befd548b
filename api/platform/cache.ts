import type { Redis } from 'ioredis'

const PAGE = 500

export type Cache = ReturnType<typeof createCache>

/**
 * Where answers may be kept in Redis: below `<prefix>:cache:<commit>:`. By the release that wrote them, so that a deploy
 * reads nothing the release before wrote in another shape, and empties nothing that still serves. Queues, limits, locks
 * and sessions lie elsewhere.
 */
export function createCache({ redis, prefix }: { redis: () => Redis; prefix: string }) {
  const below = (commit: string) => `${prefix}:cache:${commit}:`
  return {
    below,

    /** Empties what one release keeps, or all of it. Returns how many keys went. Redis answers others meanwhile. */
    async clear(commit?: string): Promise<number> {
      let removed = 0
      for await (const keys of pages(commit)) removed += await redis().unlink(...keys)
      return removed
    },

    async count(commit?: string): Promise<number> {
      const found = new Set<string>()
      for await (const keys of pages(commit)) for (const key of keys) found.add(key)
      return found.size
    },
  }

  async function* pages(commit: string | undefined): AsyncGenerator<string[]> {
    const begins = commit === undefined ? `${prefix}:cache:` : below(commit)
    // what Redis reads as a pattern is meant as itself
    const match = `${begins.replaceAll(/[\\*?[\]]/g, '\\$&')}*`
    let cursor = '0'
    do {
      const [next, keys] = await redis().scan(cursor, 'MATCH', match, 'COUNT', PAGE)
      if (keys.length > 0) yield keys
      cursor = next
    } while (cursor !== '0')
  }
}
