import { seconds } from './clock.js'
import type { Rate } from './rate-limits.js'

/** More callers than one process serves in a minute; a megabyte or two. */
const MOST_KEPT = 10_000
/** What is remembered of Redis holds no longer, so that an operator who clears a counter is heard. */
const BELIEVED_MS = seconds(10)

type Refusal = { isAdmitted: false; remaining: 0; resetMs: number; by: string }
type Window = { count: number; endsAt: number }

/** What a process knows without asking: who was refused and until when, and the counters it keeps for itself. */
export function createMemory(now: () => number = () => performance.now()) {
  const refused = new Map<string, { opensAt: number; believedUntil: number }>()
  const windows = new Map<string, Window>()

  return {
    refusal(names: string[]): Refusal | undefined {
      for (const by of names) {
        const known = refused.get(by)
        if (known && Math.min(known.opensAt, known.believedUntil) > now())
          return { isAdmitted: false, remaining: 0, resetMs: known.opensAt - now(), by }
      }
      return undefined
    },

    remember(by: string, resetMs: number): Refusal {
      put(refused, by, { opensAt: now() + resetMs, believedUntil: now() + BELIEVED_MS })
      return { isAdmitted: false, remaining: 0, resetMs, by }
    },

    /** A window begins with its first request. */
    count(name: string, { max, windowMs }: Rate) {
      const known = windows.get(name)
      const window = known && known.endsAt > now() ? known : { count: 0, endsAt: now() + windowMs }
      if (window !== known) put(windows, name, window)
      const resetMs = window.endsAt - now()
      if (window.count >= max) return { isAdmitted: false, remaining: 0, resetMs, by: name }
      window.count += 1
      return { isAdmitted: true, remaining: max - window.count, resetMs }
    },
  }
}

/** The newest last; the oldest goes where there are too many. */
function put<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name)
  if (map.size >= MOST_KEPT) map.delete(map.keys().next().value as string)
  map.set(name, value)
}
