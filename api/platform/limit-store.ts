import { Redis } from 'ioredis'
import { SETTLE, TAKE } from './limit-script.js'
import type { Logger } from './logger.js'
import type { Rate } from './rate-limits.js'
import { createTogether } from './together.js'

/** `undecided`: whether there is room depends on attempts that are still being made. */
export type Count = { remaining: number; resetMs: number } & (
  | { state: 'admitted' | 'undecided' }
  /** `by`: the counter that has no room; the one that keeps its caller waiting longest. */
  | { state: 'refused'; by: string }
)
/** Four for each attempt: see limit-script.ts. */
type Reply = number[]
type Script = (keys: number, ...args: (string | number)[]) => Promise<Reply>
type Scripted = Redis & { takeAttempts: Script; settleAttempt: Script }
type Command = 'takeAttempts' | 'settleAttempt'
/** An attempt at all of `keys`; `isTry`: failures alone count. */
export type Take = { keys: string[]; rate: Rate; attempt: string; isTry: boolean }

/** A request does not wait longer for its count. */
const TIMEOUT_MS = 150
/** Nor for the connection that is being made when the process starts. */
const FIRST_CONNECT_MS = 1_000
/** Redis that did not answer is asked again after this, by one request alone. */
const SILENCE_MS = 1_000
/** So many unanswered in a row, and the connection may be the reason. */
const STRIKES = 3

export type LimitStore = ReturnType<typeof createLimitStore>

/** The counters in Redis, over a connection of their own: one that fails at once instead of holding requests up. */
export function createLimitStore({ url, logger }: { url: () => string; logger: Logger }) {
  let redis: Scripted | undefined
  let connected = Promise.resolve()
  let silentUntil = 0
  let strikes = 0
  let isAway = false
  const figures = { asked: 0, unanswered: 0 }

  function connect(): Scripted {
    const made = new Redis(url(), {
      connectionName: 'cargoparts-limits',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: 2_000,
      retryStrategy: attempt => Math.min(attempt * 50, 2_000),
    }) as Scripted // the two commands are defined here
    made.defineCommand('takeAttempts', { lua: TAKE })
    made.defineCommand('settleAttempt', { lua: SETTLE })
    made.on('error', () => undefined) // who asks is told
    connected = firstConnection(made)
    return made
  }

  /** Throws where Redis cannot tell, in TIMEOUT_MS at the latest. */
  async function ask(command: Command, keys: string[], args: (string | number)[]): Promise<Reply> {
    redis ??= connect()
    if (redis.status !== 'ready') await connected
    if (redis.status !== 'ready') throw new Error(`the connection is ${redis.status}`)
    const now = performance.now()
    if (now < silentUntil) throw new Error('did not answer a moment ago')
    if (strikes > 0) silentUntil = now + SILENCE_MS
    figures.asked += 1
    try {
      const reply = await inTime(redis[command](keys.length, ...keys, ...args))
      back()
      return reply
    } catch (error) {
      if (error instanceof Unanswered) struck(redis)
      throw error
    }
  }

  function firstConnection(client: Redis): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, FIRST_CONNECT_MS)
      const end = () => {
        clearTimeout(timer)
        resolve()
      }
      client.once('ready', end).once('close', end)
    })
  }

  function struck(client: Redis): void {
    strikes += 1
    silentUntil = performance.now() + SILENCE_MS
    if (strikes % STRIKES === 0) client.disconnect(true)
  }

  function back(): void {
    strikes = silentUntil = 0
    if (isAway) logger.info('rate_limits_back', { unanswered: figures.unanswered })
    isAway = false
  }

  /** Undefined where Redis cannot tell. */
  async function count(
    command: Command,
    keys: string[],
    args: (string | number)[],
  ): Promise<Reply | undefined> {
    try {
      return await ask(command, keys, args)
    } catch (error) {
      if (!isAway) logger.warn('rate_limits_unreachable', { error: (error as Error).message })
      isAway = true
      return undefined
    }
  }

  const take = createTogether(
    async (takes: Take[]): Promise<(Count | undefined)[]> => {
      const reply = await count(
        'takeAttempts',
        takes.flatMap(({ keys }) => keys),
        takes.flatMap(({ keys, rate, attempt, isTry }) => [
          attempt,
          keys.length,
          rate.windowMs,
          rate.max,
          isTry ? 1 : 0,
        ]),
      )
      if (!reply) figures.unanswered += takes.length
      return takes.map(({ keys }, at) => reply && countIn(reply, at, keys))
    },
    { most: 100 },
  )

  return {
    /** Adds an attempt to all its counters, if all have room. Undefined where Redis cannot tell. */
    take,
    /** Keeps the attempt among what counts, or takes it back. */
    async settle({ keys, rate, attempt }: Take, counts: boolean): Promise<Count | undefined> {
      const reply = await count('settleAttempt', keys, [attempt, rate.windowMs, rate.max, counts ? 1 : 0])
      return reply && countIn(reply, 0, keys)
    },
    figures: (): Readonly<typeof figures> => figures,
    close: () => redis?.disconnect(),
  }
}

function countIn(reply: Reply, at: number, keys: string[]): Count {
  const [state, remaining = 0, resetMs = 0, by = 0] = reply.slice(at * 4, at * 4 + 4)
  const refusing = keys[by - 1]
  if (refusing !== undefined) return { remaining, resetMs, state: 'refused', by: refusing }
  return { remaining, resetMs, state: state === 1 ? 'admitted' : 'undecided' }
}

class Unanswered extends Error {
  constructor() {
    super(`no answer within ${TIMEOUT_MS} ms`)
  }
}

/** Not ioredis's own time-out: it would also fire on an answer that is there, when the process was too busy to read it. */
function inTime<T>(reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // what came meanwhile is read between a timer and an immediate
    const timer = setTimeout(() => setImmediate(() => reject(new Unanswered())), TIMEOUT_MS)
    const end = () => clearTimeout(timer)
    reply.then(resolve, reject).finally(end)
  })
}
