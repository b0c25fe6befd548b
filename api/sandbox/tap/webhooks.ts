import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../platform/clock.js'
import { createDeliveryLog, type Delivery } from './delivery-log.js'
import { isLoopback, postToLoopback } from './loopback-post.js'
import { hashstring } from './signature.js'
import type { Post, TapObject } from './types.js'

export type Webhooks = ReturnType<typeof createWebhooks>
export type WebhookOptions = {
  /** Pauses before the second and the third attempt. Tap does not publish its own. */
  gapsMs?: readonly number[]
  timeoutMs?: number
}
type Message = { object: TapObject; url: string; body: string; headers: Record<string, string> }
type Deps = WebhookOptions & {
  secretKey: string
  clock: Clock
  onResult: (objectId: string, post: Pick<Post, 'attempt' | 'status'>) => void
}

// Tap reports results, not beginnings; a customer who never decides is found by polling.
const SILENT = new Set(['INITIATED', 'IN_PROGRESS', 'ABANDONED', 'PENDING'])

export function createWebhooks({
  secretKey,
  clock,
  onResult,
  gapsMs = [1000, 5000],
  timeoutMs = 10_000,
}: Deps) {
  const log = createDeliveryLog()
  const running = new Set<Promise<void>>()
  let stopping = new AbortController()
  let held: Message[] | undefined
  let copies = 1

  function message(object: TapObject, url: string): Message {
    return {
      object,
      url,
      body: JSON.stringify(object),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'TapSandbox/2',
        hashstring: hashstring(object, secretKey),
        // Undocumented in meaning, so it means nothing here: nobody can come to rely on it.
        hash: randomBytes(32).toString('hex'),
      },
    }
  }

  /** Whether there is nothing more to try. */
  async function attempt(sent: Message, number: number, stop: AbortSignal): Promise<boolean> {
    const { object, url, body, headers } = sent
    const delivery: Delivery = {
      ...{ id: log.nextId(), objectId: object.id, object: object.object, objectStatus: object.status },
      ...{ url, body, headers, attempt: number, sentAt: clock.now().toISOString() },
    }
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
      delivery.status = await postToLoopback(new URL(url), { body, headers, signal })
    } catch (error) {
      delivery.error = error instanceof Error ? error.message : String(error)
    }
    if (stop.aborted) return true
    log.add(delivery)
    const isDelivered = delivery.status !== undefined && delivery.status >= 200 && delivery.status < 300
    const isLast = number > gapsMs.length || !isLoopback(new URL(url))
    onResult(object.id, { attempt: number, status: isDelivered ? 'SUCCESS' : isLast ? 'ERROR' : 'PENDING' })
    return isDelivered || isLast
  }

  async function deliver(sent: Message, stop: AbortSignal): Promise<void> {
    for (let number = 1; !stop.aborted && !(await attempt(sent, number, stop)); number++) {
      await wait(gapsMs[number - 1], undefined, { signal: stop }).catch(() => undefined)
    }
  }

  /** One after the other, so that the order is the order of arrival. */
  async function deliverAll(messages: readonly Message[], stop: AbortSignal): Promise<void> {
    for (const each of messages) await deliver(each, stop)
  }

  function send(...messages: Message[]): void {
    const sending = deliverAll(messages, stopping.signal).finally(() => running.delete(sending))
    running.add(sending)
  }

  return {
    deliveries: log.all,

    announce(object: TapObject): void {
      if (!object.post || SILENT.has(object.status)) return
      const event = message(object, object.post.url)
      const events = Array<Message>(copies).fill(event)
      if (held) held.push(...events)
      else for (const each of events) send(each)
    },

    /** From now on nothing is sent until `release`. */
    hold(): void {
      held ??= []
    },

    release({ reversed = false } = {}): void {
      const waiting = held ?? []
      held = undefined
      send(...(reversed ? waiting.reverse() : waiting))
    },

    discard(): void {
      if (held) held = []
    },

    /** Every event is sent this many times. */
    repeat(times: number): void {
      copies = times
    },

    /** The last delivery of an object again, byte for byte; without one, a webhook of the object as it is. */
    resend(object: TapObject): void {
      const last = log.all().findLast(({ objectId }) => objectId === object.id)
      if (last) send({ object, url: last.url, body: last.body, headers: last.headers })
      else if (object.post) send(message(object, object.post.url))
    },

    /** Waits until nothing is under way, attempts to come included. What is held back does not count. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },

    /** Ends what is under way and forgets the rest. */
    async stop(): Promise<void> {
      stopping.abort()
      stopping = new AbortController()
      held = undefined
      copies = 1
      await Promise.all(running)
      log.clear()
    },
  }
}
