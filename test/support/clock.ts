import type { Clock } from '../../api/platform/clock.js'

export type TestClock = Clock & { advance(milliseconds: number): void; reset(): void }

/** The real time, plus what a test has moved it by. */
export function testClock(): TestClock {
  let offset = 0
  return {
    now: () => new Date(Date.now() + offset),
    advance(milliseconds) {
      offset += milliseconds
    },
    reset() {
      offset = 0
    },
  }
}
