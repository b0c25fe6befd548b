import { Readable } from 'node:stream'
import type { Broadcast } from '../../platform/broadcast.js'
import { minutes, seconds } from '../../platform/clock.js'
import { AppError, unavailable } from '../../platform/errors.js'
import { newId } from '../../platform/ids.js'
import type { Logger } from '../../platform/logger.js'
import type { UnreadState } from './notification-queries.js'
import { MOST_STREAMS, PLACE_MS, type StreamPlaces } from './stream-places.js'

/** Short enough for proxies that close what is silent for half a minute. */
export const BEAT_MS = seconds(15)
/** Then a stream ends and its client comes back: what was left open by a lost network goes with it. */
const LIFE_MS = minutes(5)
const COME_BACK_MS = seconds(2)
/** Of all accounts, in one process. */
const MOST_IN_ALL = 5_000
const AT_ONCE = 500

type Stream = {
  id: string
  userId: string
  out: Readable
  /** What the client knows, as it says or was told. */
  known: string
  endsAt: number
  isAllowed(): Promise<boolean>
}
type Watcher = { userId: string; lastEventId: string; isAllowed(): Promise<boolean> }
type Deps = {
  states(userIds: readonly string[]): Promise<UnreadState[]>
  changes: Broadcast
  places: StreamPlaces
  logger: Logger
  beatMs?: number
}
export type UnreadStreams = ReturnType<typeof createUnreadStreams>

/**
 * Server-sent events: how many notifications a person has not read, now and whenever that changes. The count is a
 * state, so nothing is lost between two connections: who comes back is told what it is, unless they know it already.
 * A change that no process was told of is found at the next beat.
 */
export function createUnreadStreams({ states, changes, places, logger, beatMs = BEAT_MS }: Deps) {
  const streams = new Map<string, Stream>()
  let beating: NodeJS.Timeout | undefined
  let isClosing = false

  /** Throws `notifications.too_many_streams`, or `unavailable` where this process stops or has its fill. */
  async function open({ userId, lastEventId, isAllowed }: Watcher): Promise<Readable> {
    if (isClosing || streams.size >= MOST_IN_ALL) throw unavailable('stream')
    const own = [...streams.values()].filter(stream => stream.userId === userId).length
    const id = newId()
    if (own >= MOST_STREAMS || !(await places.take({ userId, id }))) throw tooMany()
    listen()
    const out = new Readable({ read: () => undefined })
    const stream = { id, userId, out, known: lastEventId, endsAt: performance.now() + LIFE_MS, isAllowed }
    out.once('close', () => forget(stream))
    streams.set(id, stream)
    out.push(`retry: ${COME_BACK_MS}\n\n`)
    await tell([stream]).catch(error => {
      out.destroy()
      throw error
    })
    return out
  }

  function listen(): void {
    changes.hear(userIds => void refresh(new Set(userIds)))
    beating ??= setInterval(() => void beat(), beatMs).unref()
  }

  function forget(stream: Stream): void {
    if (!streams.delete(stream.id)) return
    places.give(stream)
  }

  async function refresh(userIds: ReadonlySet<string>): Promise<void> {
    const watching = [...streams.values()].filter(({ userId }) => userIds.has(userId))
    await tell(watching).catch(error => logger.warn('unread_not_told', { error }))
  }

  /** Tells those that know something else. */
  async function tell(some: readonly Stream[]): Promise<void> {
    for (let at = 0; at < some.length; at += AT_ONCE) {
      const group = some.slice(at, at + AT_ONCE)
      const found = await states([...new Set(group.map(({ userId }) => userId))])
      const byUser = new Map(found.map(state => [state.userId, state]))
      for (const stream of group) {
        const state = byUser.get(stream.userId)
        if (state) say(stream, state)
      }
    }
  }

  function say(stream: Stream, { unread, newest }: UnreadState): void {
    const id = `${newest ?? '0'}:${unread}`
    if (stream.known === id || stream.out.destroyed) return
    stream.known = id
    stream.out.push(`event: unread\nid: ${id}\ndata: ${JSON.stringify({ unread })}\n\n`)
  }

  /** Ends those whose time is over, who may no longer watch, and who take nothing; keeps the others alive. */
  async function beat(): Promise<void> {
    const now = performance.now()
    for (const stream of streams.values()) {
      // what was said a beat ago is still here: nobody takes it
      if (stream.out.readableLength > 0) drop(stream)
      else if (now >= stream.endsAt) end(stream)
      else stream.out.push(': beat\n\n')
    }
    const watching = [...streams.values()]
    places.renew(watching)
    await Promise.all([
      tell(watching).catch(error => logger.warn('unread_not_told', { error })),
      ...watching.map(async stream => {
        // a database that is away says nothing of anybody
        if (!(await stream.isAllowed().catch(() => true))) end(stream)
      }),
    ])
  }

  const drop = (stream: Stream) => {
    forget(stream)
    stream.out.destroy()
  }

  const end = (stream: Stream) => {
    forget(stream)
    stream.out.push(null)
  }

  return {
    open,
    beat,
    size: () => streams.size,
    /** Ends them all: their clients come back, to another process. */
    close(): void {
      isClosing = true
      clearInterval(beating)
      for (const stream of [...streams.values()]) end(stream)
    },
  }
}

const tooMany = () =>
  new AppError(
    'rate_limited',
    'notifications.too_many_streams',
    `An account has at most ${MOST_STREAMS} streams open at once.`,
    { max: MOST_STREAMS, retryAfter: PLACE_MS / 1000 },
  )
