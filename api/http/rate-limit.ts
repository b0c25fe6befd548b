import { randomBytes } from 'node:crypto'
import type { Context } from 'koa'
import ratelimit from 'koa-ratelimit'
import type { Actor } from '../platform/actor.js'
import { toAppError } from '../platform/driver-errors.js'
import { AppError, type ErrorKind } from '../platform/errors.js'
import type { Admission, Attempt, RateLimiter } from '../platform/rate-limiter.js'
import { isSettled, type LimitClass, type Policies, type Policy } from '../platform/rate-limits.js'
import { accountKey, callerKey } from './client-key.js'
import type { Refusals } from './refusals.js'

/** `attempt` is the same for every repeat of one piece of work. */
export type Caller = { actor: Actor; account?: string; attempt?: string }

/** Counts a request and answers 429 where there were too many; the rest of the request is `next`. */
export type RateLimit = (
  limit: LimitClass,
  ctx: Context,
  caller: Caller,
  next: () => Promise<void>,
) => Promise<void>

/** As browsers may read them: see app.ts. */
export const LIMIT_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']

/** Failures that are the answer to what was asked. After any other, nothing was tried or done, and nothing counts. */
const ANSWERS: ReadonlySet<ErrorKind> = new Set(['unauthenticated', 'forbidden', 'conflict', 'not_found'])

type Deps = { limiter: RateLimiter; policies: Policies; refusals: Refusals }

export function createRateLimit({ limiter, policies, refusals }: Deps): RateLimit {
  const attempts = createNames()
  return async (limit, ctx, { actor, account, attempt }, next) => {
    const policy = policies[limit]
    if (policy.counting === 'process') {
      // counted here, without Redis: there is nothing for a driver of it to do
      const here = limiter.count(policy, callerKey(actor, ctx.ip))
      tell(ctx, policy, here)
      if (!here.isAdmitted) refuse(actor, policy, here)
      return next()
    }
    const counted = { policy, keys: keysOf(policy, ctx, actor, account), id: attempt ?? attempts.next() }
    let admission: Admission | undefined
    const middleware = ratelimit({
      driver: 'redis',
      // its own script knows one key, the clock of each process, and no way to take an attempt back
      db: {
        async ratelimiter() {
          admission = await limiter.admit(counted)
          if (admission) tell(ctx, policy, admission)
          return [admission?.isAdmitted === false ? 0 : 1, 0, policy.max]
        },
      },
      id: () => limit,
      max: policy.max,
      duration: policy.windowMs,
      disableHeader: true, // ours say seconds; its own a time of day
      onLimited: () => refuse(actor, policy, admission as Admission), // without one nobody is refused
    })
    await middleware(ctx, () => (admission && isSettled(policy) ? settling(ctx, counted, next) : next()))
  }

  /** Runs what is limited, and says how it ended where that decides whether it counts. */
  async function settling(ctx: Context, counted: Attempt, next: () => Promise<void>): Promise<void> {
    const { policy } = counted
    const settle = async (counts: boolean) => {
      const left = await limiter.settle(counted, counts)
      if (left) tell(ctx, policy, left)
    }
    try {
      await next()
    } catch (error) {
      await settle(ANSWERS.has(toAppError(error).kind))
      throw error
    }
    await settle(policy.counting === 'work')
  }

  function refuse(actor: Actor, policy: Policy, { resetMs, by }: Admission): never {
    const retryAfter = secondsIn(resetMs)
    refusals.note(actor, policy.name, by, retryAfter)
    throw new AppError('rate_limited', 'limits.exceeded', `Too many: try again in ${retryAfter} seconds.`, {
      retryAfter,
      limit: policy.name,
    })
  }
}

/** A name for each attempt that is no repeat: short, for Redis keeps as many as the limit allows. */
function createNames() {
  const process = randomBytes(6).toString('base64url')
  let count = 0
  return { next: () => `${process}${(++count).toString(36)}` }
}

/** A stranger's login counts twice: for where it comes from, and for the account that is tried, wherever from. */
function keysOf({ counting }: Policy, ctx: Context, actor: Actor, account?: string): string[] {
  const caller = callerKey(actor, ctx.ip)
  const isOther = counting === 'tries' && account !== undefined && actor.kind !== 'user'
  return isOther ? [caller, accountKey(account)] : [caller]
}

function tell(ctx: Context, { max }: Policy, { remaining, resetMs }: { remaining: number; resetMs: number }) {
  ctx.set({
    'RateLimit-Limit': String(max),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
  })
}

/** Waiting that long is long enough, so it is rounded up. */
const secondsIn = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))
