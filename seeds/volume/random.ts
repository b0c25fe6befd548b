/** A stream of numbers from 0 to below 1 that a seed decides (mulberry32): the same market on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Picks by rank as markets do (Zipf): the first of the list most often, the second half as often, the last
 * hardly ever.
 */
export function ranked<T>(items: readonly T[], exponent = 1): (random: number) => T {
  const weights: number[] = []
  let total = 0
  for (let rank = 1; rank <= items.length; rank++) {
    total += 1 / rank ** exponent
    weights.push(total)
  }
  return random => {
    const wanted = random * total
    let low = 0
    let high = items.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((weights[middle] as number) < wanted) low = middle + 1
      else high = middle
    }
    return items[low] as T
  }
}
