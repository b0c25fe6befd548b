/** Lets `width` pieces of work run at once. The others wait their turn, in the order they came; `mostWaiting` of them. */
export function createGate(width: number, { mostWaiting = Number.POSITIVE_INFINITY, refuse }: Waiting = {}) {
  let running = 0
  const waiting: (() => void)[] = []

  return async function pass<T>(work: () => Promise<T>): Promise<T> {
    if (running < width) running += 1
    else {
      if (waiting.length >= mostWaiting) throw refuse?.() ?? new Error('too many wait already')
      await new Promise<void>(resolve => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next)
        next() // takes this one's place, so that nobody slips in between
      else running -= 1
    }
  }
}

type Waiting = { mostWaiting?: number; refuse?: () => Error }
