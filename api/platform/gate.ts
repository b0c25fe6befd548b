/** Lets `width` pieces of work run at once. The others wait their turn, in the order they came. */
export function createGate(width: number) {
  let running = 0
  const waiting: (() => void)[] = []

  return async function pass<T>(work: () => Promise<T>): Promise<T> {
    if (running < width) running += 1
    else await new Promise<void>(resolve => waiting.push(resolve))
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
