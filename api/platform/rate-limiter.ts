import { setTimeout as wait } from 'node:timers/promises'
import { seconds } from './clock.js'
import { AppError } from './errors.js'
import { createMemory } from './limit-memory.js'
import type { Count, LimitStore, Take } from './limit-store.js'
import type { Policy } from './rate-limits.js'

/** `by`: the counter that refused. */
export type Admission = { isAdmitted: boolean; remaining: number; resetMs: number; by?: string }
/** Who is counted, under which keys, and what names this attempt: a repeat of the same has the same name. */
export type Attempt = { policy: Policy; keys: string[]; id: string }

/** Tries that wait for others to end look again after this, */
const LOOK_MS = 100
/** as long as somebody at a login page would wait, */
const PATIENCE_MS = seconds(10)
/** and not more of them than this. */
const MOST_WAITING = 100

export type RateLimiter = ReturnType<typeof createRateLimiter>

/** How often each caller may do a thing. Counted in Redis for all processes together, and there only when need be. */
export function createRateLimiter({ store, prefix }: { store: LimitStore; prefix: string }) {
  const memory = createMemory()
  let waiting = 0
  const figures = { refusedUnasked: 0, letThrough: 0, turnedAway: 0 }

  return {
    /** Undefined where nobody could count it, and the class is open then. Throws `unavailable` where it is closed. */
    async admit(attempt: Attempt): Promise<Admission | undefined> {
      const { policy } = attempt
      const take = takeOf(attempt)
      const known = memory.refusal(take.keys)
      if (known) {
        figures.refusedUnasked += 1
        return known
      }
      const count = await decided(() => store.take(take))
      if (!count) return unanswered(policy)
      if (count.state === 'refused') return memory.remember(count.by, count.resetMs)
      // what depends on others who are still at it is no fact to be remembered
      if (count.state === 'undecided') return { isAdmitted: false, remaining: 0, resetMs: seconds(1) }
      return { isAdmitted: true, remaining: count.remaining, resetMs: count.resetMs }
    },

    /** What each process counts for itself: nobody is asked, and nothing is waited for. */
    count: (policy: Policy, key: string): Admission => memory.count(`${policy.name}:${key}`, policy),

    /** How an attempt that was admitted ended. Returns what is left, where that changed. */
    async settle(attempt: Attempt, counts: boolean): Promise<Count | undefined> {
      // work was counted when it began
      if (counts && attempt.policy.counting === 'work') return undefined
      return store.settle(takeOf(attempt), counts)
    },

    figures: () => ({ ...figures, ...store.figures() }),
    close: () => store.close(),
  }

  function takeOf({ policy, keys, id }: Attempt): Take {
    const isTry = policy.counting === 'tries'
    return {
      // in one slot of a Redis cluster, so that one script may look at several
      keys: keys.map(key => `${prefix}:{limits}:${policy.name}:${key}`),
      rate: policy,
      // marked as a try until it is settled
      attempt: isTry ? `?${id}` : id,
      isTry,
    }
  }

  function unanswered({ name, isClosed }: Policy): undefined {
    if (!isClosed) {
      figures.letThrough += 1
      return undefined
    }
    figures.turnedAway += 1
    throw new AppError(
      'unavailable',
      'limits.unavailable',
      'This is closed for a moment; try again shortly.',
      {
        retryAfter: 2,
        limit: name,
      },
    )
  }

  async function decided(take: () => Promise<Count | undefined>): Promise<Count | undefined> {
    const first = await take()
    if (first?.state !== 'undecided' || waiting >= MOST_WAITING) return first
    const deadline = performance.now() + PATIENCE_MS
    waiting += 1
    try {
      for (;;) {
        await wait(LOOK_MS)
        const count = await take()
        if (count?.state !== 'undecided' || performance.now() > deadline) return count
      }
    } finally {
      waiting -= 1
    }
  }
}
