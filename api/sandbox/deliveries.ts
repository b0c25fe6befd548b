import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../platform/clock.js'
import { createDeliveryLog, type Delivery } from './delivery-log.js'
import { isLoopback, postToLoopback } from './loopback-post.js'

export type WebhookOptions = {
  /** Pauses before the second attempt and those after it. */
  gapsMs?: readonly number[]
  timeoutMs?: number
}
/** A webhook as it goes out. `onResult` hears how each attempt fared. */
export type Message = Pick<Delivery, 'objectId' | 'object' | 'objectStatus' | 'url' | 'body' | 'headers'> & {
  onResult?: (result: { attempt: number; status: 'PENDING' | 'SUCCESS' | 'ERROR' }) => void
}
export type Deliveries = ReturnType<typeof createDeliveries>

/** The post office of all providers: held back, turned round, sent twice, as the tester wants it. */
export function createDeliveries({
  clock,
  gapsMs = [1000, 5000],
  timeoutMs = 10_000,
}: WebhookOptions & { clock: Clock }) {
  const log = createDeliveryLog()
  const running = new Set<Promise<void>>()
  let stopping = new AbortController()
  let held: Message[] | undefined
  let copies = 1

  /** Whether there is nothing more to try. */
  async function attempt(
    { onResult, ...sent }: Message,
    number: number,
    stop: AbortSignal,
  ): Promise<boolean> {
    const url = new URL(sent.url)
    const delivery: Delivery = {
      ...{ id: log.nextId(), ...sent },
      ...{ attempt: number, sentAt: clock.now().toISOString() },
    }
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
      const { body, headers } = sent
      delivery.status = await postToLoopback(url, { body, headers, signal })
    } catch (error) {
      delivery.error = error instanceof Error ? error.message : String(error)
    }
    if (stop.aborted) return true
    log.add(delivery)
    const isDelivered = delivery.status !== undefined && delivery.status >= 200 && delivery.status < 300
    const isLast = number > gapsMs.length || !isLoopback(url)
    onResult?.({ attempt: number, status: isDelivered ? 'SUCCESS' : isLast ? 'ERROR' : 'PENDING' })
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
    all: log.all,

    announce(message: Message): void {
      const events = Array<Message>(copies).fill(message)
      if (held) held.push(...events)
      else for (const each of events) send(each)
    },

    /** The last delivery of an object again, byte for byte; without one, what `fresh` makes of it. */
    resend(objectId: string, fresh: () => Message | undefined): void {
      const made = fresh()
      const message = log.all().findLast(delivery => delivery.objectId === objectId) ?? made
      if (!message) return
      const { object, objectStatus, url, body, headers } = message
      send({
        objectId,
        object,
        objectStatus,
        url,
        body,
        headers,
        ...(made?.onResult && { onResult: made.onResult }),
      })
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
