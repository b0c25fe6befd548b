import type { Context } from 'koa'
import type { Actor } from '../platform/actor.js'
import type { LimitClass } from '../platform/rate-limits.js'

/** Counts a request and answers 429 where there were too many; the rest of the request is `next`. */
export type RateLimit = (
  limit: LimitClass,
  ctx: Context,
  caller: { actor: Actor; account?: string },
  next: () => Promise<void>,
) => Promise<void>

/** Counted when the work begins, so that what was refused before, or is a replay, does not count. */
export const AT_WORK: ReadonlySet<LimitClass> = new Set([
  'auth:login',
  'auth:register',
  'auth:send',
  'payments:create',
])
