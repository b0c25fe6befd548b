import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { Redis } from 'ioredis'

const require = createRequire(import.meta.url)
const lua: { scripts: Record<string, string>; shas: Record<string, string> } = require('bee-queue/lib/lua')

type Callback = (error: Error | null, reply?: unknown) => void
type PipelineReply = [Error | null, unknown][] | null
type Batch = { exec(callback?: unknown): Promise<PipelineReply> }

export type QueueRedis = {
  client: Redis
  isReady(): boolean
  /** Teaches Redis bee-queue's scripts again. */
  loadScripts(): Promise<void>
  /** Ends this connection and those that bee-queue made of it. What waits for a reply fails. */
  disconnect(): void
}

/**
 * An ioredis client as bee-queue expects one. bee-queue was written for node_redis: it calls `batch()`, reads
 * flat results from `exec`, and loads its scripts once only, so that after a restart of Redis they are
 * unknown (NOSCRIPT) and every save would fail. It knows a client by the name of its class, `Redis`.
 */
export function connectQueueRedis(url: string, onError: (error: Error) => void): QueueRedis {
  const clients: Redis[] = []
  const connect = (): Redis => {
    const client = new Redis(url, {
      // a blocking pop must outlive a restart of Redis instead of failing after a few tries
      maxRetriesPerRequest: null,
      retryStrategy: attempt => Math.min(attempt * 50, 2_000),
      // bee-queue sends several blocking pops at once: gathered into a pipeline, none would be heard before all are
      enableAutoPipelining: false,
    })
    clients.push(client)
    client.on('connect', () => sendTogether(client))
    // ioredis asks whether anybody listens before it emits
    client.on('error', onError)
    const [multi, emit] = [client.multi.bind(client), client.emit.bind(client)]
    return Object.assign(client, {
      // ioredis copies EventEmitter's members over its own, `constructor` among them
      constructor: Redis,
      // bee-queue gives up for good at the first error before a connection stands: it is told of none
      emit: (event: string, ...args: unknown[]) => {
        if (event !== 'error') return emit(event, ...args)
        onError(args[0] as Error)
        return true
      },
      duplicate: connect,
      batch: () => flat(client.pipeline() as unknown as Batch),
      multi: () => flat(multi() as unknown as Batch),
      evalsha: evalshaWithFallback(client),
    }) as Redis
  }
  const client = connect()
  return {
    client,
    isReady: () => client.status === 'ready',
    async loadScripts() {
      for (const script of Object.values(lua.scripts)) await client.script('LOAD', script)
    },
    disconnect: () => {
      for (const one of clients) one.disconnect()
    },
  }
}

/** `exec` answers `[[error, reply], …]` in ioredis; bee-queue reads `[reply, …]`. */
function flat(batch: Batch): Batch {
  const exec = batch.exec.bind(batch)
  batch.exec = (callback?: unknown) => {
    const done = exec().then(replies => {
      const failed = replies?.find(([error]) => error !== null)
      if (failed?.[0]) throw failed[0]
      return replies?.map(([, reply]) => reply) ?? null
    })
    if (typeof callback !== 'function') return done as Promise<PipelineReply>
    done.then(
      replies => (callback as Callback)(null, replies),
      error => (callback as Callback)(error as Error),
    )
    return done.catch(() => null) as Promise<PipelineReply>
  }
  return batch
}

function evalshaWithFallback(client: Redis) {
  const evalsha = client.evalsha.bind(client) as (...args: unknown[]) => Promise<unknown>
  const evalScript = client.eval.bind(client) as (...args: unknown[]) => Promise<unknown>
  return (sha: string, ...rest: unknown[]) => {
    const callback = typeof rest.at(-1) === 'function' ? (rest.pop() as Callback) : undefined
    const reply = evalsha(sha, ...rest).catch((error: Error) => {
      const script = Object.keys(lua.shas).find(name => lua.shas[name] === sha)
      if (!error.message.startsWith('NOSCRIPT') || script === undefined) throw error
      return evalScript(lua.scripts[script], ...rest)
    })
    if (!callback) return reply
    reply.then(
      value => callback(null, value),
      error => callback(error as Error),
    )
    return reply.catch(() => undefined)
  }
}

/** What is asked for in one turn of the loop goes to Redis in one write: each costs more than making the command. */
function sendTogether(client: Redis): void {
  const { stream } = client as unknown as { stream: Socket } // its own, and not among its types
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
  let isHeld = false
  const letGo = () => {
    isHeld = false
    stream.uncork()
  }
  stream.write = ((...args: unknown[]) => {
    if (!isHeld) {
      isHeld = true
      stream.cork()
      setImmediate(letGo)
    }
    return write(...args)
  }) as Socket['write']
}
