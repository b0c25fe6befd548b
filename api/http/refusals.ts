import type { Actor } from '../platform/actor.js'
import { minutes } from '../platform/clock.js'
import type { LimitClass } from '../platform/rate-limits.js'
import type { SecurityLog } from '../platform/security-log.js'

/** A caller who goes on asking is one line in this time, */
const QUIET_MS = minutes(1)
/** and all callers together are so many: an attack from a thousand addresses must not fill the disk. */
const MOST_LINES = 60

export type Refusals = ReturnType<typeof createRefusals>

/** Tells the security log of refusals: once for each caller and stretch of time, with how many there were since. */
export function createRefusals(security: SecurityLog, now: () => number = () => performance.now()) {
  const told = new Map<string, { at: number; since: number }>()
  let lines = 0
  let minuteEndsAt = 0
  let untold = 0

  return {
    note(actor: Actor, limit: LimitClass, by: string | undefined, retryAfter: number): void {
      const who = by ?? limit
      const before = told.get(who)
      if (before && before.at + QUIET_MS > now()) {
        before.since += 1
        return
      }
      if (!hasRoom()) {
        untold += 1
        return
      }
      told.delete(who)
      if (told.size >= MOST_LINES) told.delete(told.keys().next().value as string)
      told.set(who, { at: now(), since: 0 })
      security('rate_limited', actor, {
        limit,
        counted: /:(user|ip|account):/.exec(who)?.[1],
        retryAfter,
        ...(before && before.since > 0 ? { refusedSince: before.since } : {}),
        ...(untold > 0 ? { others: untold } : {}),
      })
      untold = 0
    },
  }

  function hasRoom(): boolean {
    if (now() >= minuteEndsAt) {
      minuteEndsAt = now() + QUIET_MS
      lines = 0
    }
    lines += 1
    return lines <= MOST_LINES
  }
}
