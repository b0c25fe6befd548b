import { setTimeout as wait } from 'node:timers/promises'
import BeeQueue from 'bee-queue'
import type { ChainableCommander } from 'ioredis'
import { unavailable } from './errors.js'
import type { Logger } from './logger.js'
import type { DueRow, Room } from './outbox.js'
import { connectQueueRedis, type QueueRedis } from './queue-redis.js'
import { LANES, type Lane, RULES } from './queue-rules.js'

/** What travels through Redis: the id of an outbox row. What it is about is read from the database. */
export type HandOver = { outboxId: string }
/** Does one job. `again` asks the queue to bring it once more, after its pause. Throws nothing. */
export type Work = (outboxId: string) => Promise<'over' | 'again'>

export type QueueSettings = { redisUrl: string; prefix: string; logger: Logger }

/** A lane holds no more than this in Redis: the rest keeps its order in the outbox, where nothing is lost. */
const MOST_WAITING = 1_000
const MOST_AT_ONCE = 250
/** A job that was not heard of for so long was a dead worker's, and is given to another. */
const STALL_MS = 5_000
/** A Redis that takes longer to store jobs is as good as gone: the outbox keeps the work. */
const STORE_MS = 2_000
const GOODBYE_MS = 2_000
const FOR_EVER_MS = 2 ** 30

/** The braces keep a queue's keys together in one slot of a Redis Cluster. */
export const lanePrefix = (prefix: string): string => `{${prefix}}`
const epochKey = (prefix: string): string => `${lanePrefix(prefix)}:epoch`

export type QueueConnection = QueueRedis & { logger: Logger; prefix: string }

/** One connection for all commands; each lane that is worked off has two more of its own, made of it. */
export function connectQueues({ redisUrl, prefix, logger }: QueueSettings): QueueConnection {
  let isDown = false
  const redis = connectQueueRedis(redisUrl, error => {
    if (!isDown) logger.warn('queue_error', { error: error.message })
    isDown = true
  })
  redis.client.on('ready', () => {
    if (isDown) logger.info('queue_back')
    isDown = false
  })
  redis.client.on('ready', () => void warnOfEviction(redis, logger))
  // every lane listens on it
  redis.client.setMaxListeners(0)
  return { ...redis, prefix, logger }
}

/** A Redis that throws keys away when it is full would throw away jobs. The outbox finds them again, minutes later. */
async function warnOfEviction({ client }: QueueRedis, logger: Logger): Promise<void> {
  const memory = await client.info('memory').catch(() => '')
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction'
  if (policy !== 'noeviction' && !/^maxmemory:0\s*$/m.test(memory)) logger.warn('redis_evicts', { policy })
}

export type Producer = ReturnType<typeof createProducer>

/** Puts hand-overs into the lanes. Keeps no job in memory and listens to nothing. */
export function createProducer(connection: QueueConnection) {
  const { client, prefix, isReady } = connection
  const lanes = new Map(
    LANES.map(lane => [lane, beeQueue(connection, lane, { isWorker: false, removeOnSuccess: true })]),
  )
  const waitingKeys = LANES.map(lane => `${lanePrefix(prefix)}:${lane}:waiting`)

  return {
    /** False while Redis is away: what is due then waits in the outbox. */
    isReady,

    /** How much each lane has room for, and whether Redis has forgotten all it held (told to one who asks, once). */
    async look(): Promise<{ room: Room; isEmptied: boolean }> {
      const pipeline = client.pipeline().set(epochKey(prefix), Date.now(), 'NX')
      for (const key of waitingKeys) pipeline.llen(key)
      const [epoch, ...lengths] = await within(repliesOf(pipeline), STORE_MS)
      const room: Room = {}
      for (const [at, lane] of LANES.entries()) {
        const free = Math.min(MOST_AT_ONCE, MOST_WAITING - (lengths[at] as number))
        if (free > 0) room[lane] = free
      }
      return { room, isEmptied: epoch === 'OK' }
    },

    /**
     * Stores the jobs, those of a lane in one go. Their ids are the hand-overs': a second one for the same is not
     * stored. Returns what was not taken, and why.
     */
    async add(rows: readonly DueRow[]): Promise<[error: string, ids: string[]][]> {
      const byLane = new Map<Lane, DueRow[]>()
      for (const row of rows) byLane.set(row.lane, [...(byLane.get(row.lane) ?? []), row])
      const outcomes = await Promise.all([...byLane].map(([lane, some]) => addTo(lane, some)))
      return outcomes.filter(([, ids]) => ids.length > 0)
    },
  }

  async function addTo(lane: Lane, rows: DueRow[]): Promise<[string, string[]]> {
    const queue = lanes.get(lane) as BeeQueue<HandOver>
    const jobs = rows.map(row => jobOf(queue, row))
    try {
      if (!isReady()) throw unavailable('queue')
      const save = () => within(queue.saveAll(jobs), STORE_MS)
      const failed = await save().catch(async error => {
        // Redis was restarted: in a pipeline there is no second try of a single script
        if (!String(error?.message).startsWith('NOSCRIPT')) throw error
        await connection.loadScripts()
        return save()
      })
      const [error] = failed.values()
      return [error?.message ?? '', [...failed.keys()].map(job => job.data.outboxId)]
    } catch (error) {
      return [error instanceof Error ? error.message : String(error), rows.map(({ id }) => id)]
    }
  }
}

function jobOf(queue: BeeQueue<HandOver>, { id, handOvers, lane }: DueRow) {
  const { attempts, backoff, firstDelayMs } = RULES[lane]
  return queue
    .createJob({ outboxId: id })
    .setId(`${id}.${handOvers}`)
    .retries(attempts - 1)
    .backoff(backoff, firstDelayMs)
}

type ConsumerOptions = { concurrency: number; work: Work; onStalled?: () => void }

/** Works a lane off until closed. */
export function createConsumer(connection: QueueConnection, lane: Lane, options: ConsumerOptions) {
  const { concurrency, work, onStalled } = options
  const queue = beeQueue(connection, lane, {
    activateDelayedJobs: true,
    stallInterval: STALL_MS,
    removeOnSuccess: true,
    removeOnFailure: true, // what became of it stands in the outbox
  })
  queue.on('stalled', job => {
    connection.logger.warn('job_stalled', { lane, job })
    onStalled?.()
  })
  queue.process(concurrency, async job => {
    if ((await work(job.data.outboxId)) === 'over') return
    // whether there is another try is counted in the outbox; bee-queue knows the pause before it. It keeps what is
    // thrown beside the job: a word, not an error that may quote somebody
    job.options.retries = 1
    throw AGAIN
  })
  // given an interval it repeats by itself; without one it would look once, at the start. Twice as often as it may:
  // one look in a stall's time counts, and one that came a moment early would be the other's wait for twice that time
  queue.checkStalledJobs(STALL_MS / 2)?.catch(() => undefined)
  return {
    /** Takes nothing more from now on. Ends when the work that runs has, and a Redis that answers was told of it. */
    async close(work: Promise<void>): Promise<void> {
      const closed = queue.close(FOR_EVER_MS).catch(() => undefined)
      await work
      if (connection.isReady()) await Promise.race([closed, wait(GOODBYE_MS, undefined, { ref: false })])
    },
  }
}

const AGAIN = 'again' as unknown as Error

/** An unheard 'error' or rejection would end the process; Redis being away is a state, not a crash. */
function beeQueue(connection: QueueConnection, lane: Lane, settings: BeeQueue.QueueSettings) {
  const queue = new BeeQueue<HandOver>(lane, {
    prefix: lanePrefix(connection.prefix),
    redis: asBeeClient(connection),
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    ...settings,
  })
  queue.on('error', error => connection.logger.debug('queue_lane_error', { lane, error: error.message }))
  queue.ready().catch(() => undefined)
  return queue
}

async function repliesOf(pipeline: ChainableCommander): Promise<unknown[]> {
  const replies = (await pipeline.exec()) ?? []
  for (const [error] of replies) if (error) throw error
  return replies.map(([, reply]) => reply)
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const decided = new AbortController()
  const late = wait(ms, undefined, { signal: decided.signal }).then(() =>
    Promise.reject(unavailable('queue')),
  )
  // whichever loses the race may still fail later, unheard
  for (const side of [late, work]) side.catch(() => undefined)
  return Promise.race([work, late]).finally(() => decided.abort()) as Promise<T>
}

/** bee-queue's types know node_redis only; the adapter keeps the promise its code relies on. */
const asBeeClient = ({ client }: QueueRedis) =>
  client as unknown as NonNullable<BeeQueue.QueueSettings['redis']>
