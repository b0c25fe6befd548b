import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Db } from './database.js'
import type { Logger } from './logger.js'

const CHANNEL = 'cargoparts_outbox'
const PROBE_MS = 15_000
const ANSWER_MS = 2_000
/** Between two rings: in a storm of commits one for many of them is enough. */
const BREATH_MS = 5

/**
 * Tells the workers that work was committed. After the commit and outside of it: PostgreSQL lets transactions that
 * notify commit one by one, each waiting for the disk. A bell that nobody hears costs a second, the outbox is polled.
 */
export function createBell(db: Db): () => void {
  let [isRinging, isWanted] = [false, false]
  const ring = async (): Promise<void> => {
    isRinging = true
    do {
      isWanted = false
      // however much is committed meanwhile, the next one stands for all of it
      await db.raw('select pg_notify(?, ?)', [CHANNEL, '']).catch(() => undefined)
      await wait(BREATH_MS, undefined, { ref: false })
    } while (isWanted)
    isRinging = false
  }
  return () => {
    isWanted = true
    if (!isRinging) void ring()
  }
}

export type WakeUp = { isListening(): boolean; close(): Promise<void> }

/**
 * Hears the bell, on a connection of its own that no transaction pooler may stand before. Comes back by itself. A
 * pooler takes LISTEN and forgets it, so each connection is tried with a bell of its own before it is believed.
 */
export function listen(url: string, logger: Logger, onWake: () => void): WakeUp {
  const stop = new AbortController()
  let isListening = false
  const pause = (ms: number) =>
    wait(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined)

  const running = (async () => {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      const client = new pg.Client({
        connectionString: url,
        application_name: 'cargoparts-wake-up',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      })
      try {
        await untilLost(client)
      } catch (error) {
        if (failures === 0 && !stop.signal.aborted) logger.warn('outbox_not_heard', { error })
      }
      if (isListening) failures = 0
      isListening = false
      await Promise.race([client.end().catch(() => undefined), pause(500)])
      await pause(Math.min(30_000, 200 * 2 ** failures))
    }
  })()

  async function untilLost(client: pg.Client): Promise<void> {
    const ended = new Promise<never>((_, reject) => {
      client.once('end', () => reject(new Error('the connection ended')))
      client.on('error', reject)
      stop.signal.addEventListener('abort', () => reject(new Error('closing')), { once: true })
    })
    ended.catch(() => undefined)
    let heard = () => {}
    client.on('notification', () => {
      heard()
      onWake()
    })
    await Promise.race([client.connect(), ended])
    await Promise.race([client.query(`listen ${CHANNEL}`), ended])
    for (;;) {
      const probe = new Promise<true>(resolve => {
        heard = () => resolve(true)
      })
      const asked = client.query('select pg_notify($1, $2)', [CHANNEL, 'probe'])
      asked.catch(() => undefined)
      const isHeard = await Promise.race([probe, pause(ANSWER_MS).then(() => false), ended])
      if (!isHeard) throw new Error('LISTEN is not heard: set DATABASE_DIRECT_URL past the pooler')
      isListening = true
      await Promise.race([pause(PROBE_MS), ended])
    }
  }

  return {
    isListening: () => isListening,
    async close() {
      stop.abort()
      await running
    },
  }
}
