import type { Environment } from './config/environment.js'

/** So many in any stretch of time of this length. */
export type Rate = { max: number; windowMs: number }

/**
 * What is counted, and where.
 *
 * - `tries`: what may fail to prove something. Only failures count, but each takes its place before it is tried: a
 *   hundred guesses sent at once are a hundred guesses.
 * - `work`: what is done. Counted when it begins; given back where nothing was done.
 * - `requests`: every request.
 * - `process`: every request, by each process for itself, in its memory. For classes that protect the process: a probe
 *   or a provider's callback waits for no other service, and cannot be refused because one is away.
 */
export type Counting = 'tries' | 'work' | 'requests' | 'process'

const COUNTING = {
  'auth:login': 'tries',
  'auth:register': 'work',
  /** By caller. How many messages one address or number gets is modules/account/send-caps.ts. */
  'auth:send': 'work',
  'payments:create': 'work',
  'api:standard': 'requests',
  'api:search': 'requests',
  callbacks: 'process',
  health: 'process',
  metrics: 'process',
} as const satisfies Record<string, Counting>

/** Every class of requests that is counted by itself. */
export type LimitClass = keyof typeof COUNTING
/** Those that are counted in Redis, and so need a rule for when it is away. */
export const SHARED_CLASSES = (Object.keys(COUNTING) as LimitClass[]).filter(
  name => COUNTING[name] !== 'process',
)

/** Counted when the work begins, so that what is refused before, or is a replay, does not count. */
export const isAtWork = (name: LimitClass): boolean => isSettled({ counting: COUNTING[name] })
/** How it ends decides whether it counts. */
export const isSettled = ({ counting }: { counting: Counting }): boolean =>
  counting === 'tries' || counting === 'work'

export type Policy = Rate & {
  name: LimitClass
  counting: Counting
  /** Without Redis: refused (503), instead of let through uncounted. */
  isClosed: boolean
}
export type Policies = Record<LimitClass, Policy>

/** The classes as this environment has them. */
export function policiesOf(env: Environment): Policies {
  const closed = new Set<string>(env.RATE_LIMITS_CLOSED)
  const policy = (name: LimitClass): Policy => ({
    name,
    counting: COUNTING[name],
    isClosed: closed.has(name),
    ...env[variableOf(name)],
  })
  const names = Object.keys(COUNTING) as LimitClass[]
  return Object.fromEntries(names.map(name => [name, policy(name)])) as Policies
}

type Upper<T extends string> = T extends `${infer A}:${infer B}`
  ? `${Uppercase<A>}_${Uppercase<B>}`
  : Uppercase<T>

/** `auth:login` is set by RATE_LIMIT_AUTH_LOGIN. */
export const variableOf = <T extends LimitClass>(name: T) =>
  `RATE_LIMIT_${name.toUpperCase().replace(':', '_')}` as `RATE_LIMIT_${Upper<T>}`
