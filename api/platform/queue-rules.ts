import { minutes, seconds } from './clock.js'

export const QUEUES = ['email', 'sms', 'orders', 'analytics', 'scheduled'] as const
export type QueueName = (typeof QUEUES)[number]

/** What a worker takes from: each queue is one lane, but that one-time codes have a lane of their own in `sms`. */
export const LANES = ['email', 'sms-otp', 'sms', 'orders', 'analytics', 'scheduled'] as const
export type Lane = (typeof LANES)[number]

export type LaneRules = {
  queue: QueueName
  /** How often a handler is tried, one try soon after the other. */
  attempts: number
  /** How often in all, at pauses that double from two minutes to an hour. For work of our own books, which may be repeated without harm. */
  mostTries: number
  backoff: 'exponential' | 'fixed'
  /** Between the first try and the second. */
  firstDelayMs: number
  /** Between the commit and the first try. */
  startDelayMs: number
  /** A try that takes longer is told to end, and has failed. */
  timeoutMs: number
}

/** A send is tried so often and never more, whatever is lost meanwhile: a try may have reached somebody. */
const sends = (attempts: number, firstDelayMs: number) => ({
  attempts,
  mostTries: attempts,
  backoff: 'exponential' as const,
  firstDelayMs,
  startDelayMs: 0,
  timeoutMs: seconds(30),
})

export const RULES: Readonly<Record<Lane, LaneRules>> = {
  email: { queue: 'email', ...sends(3, seconds(2)) },
  'sms-otp': { queue: 'sms', ...sends(5, seconds(1)) },
  sms: { queue: 'sms', ...sends(5, seconds(1)) },
  orders: {
    queue: 'orders',
    attempts: 3,
    mostTries: 25,
    backoff: 'exponential',
    firstDelayMs: seconds(1),
    startDelayMs: 0,
    timeoutMs: seconds(30),
  },
  analytics: {
    queue: 'analytics',
    attempts: 2,
    mostTries: 2,
    backoff: 'fixed',
    firstDelayMs: seconds(5),
    startDelayMs: seconds(5),
    timeoutMs: minutes(1),
  },
  scheduled: {
    queue: 'scheduled',
    attempts: 3,
    mostTries: 3,
    backoff: 'exponential',
    firstDelayMs: seconds(5),
    startDelayMs: 0,
    timeoutMs: minutes(10),
  },
}

/** How many jobs of a lane one worker does at once, unless WORKER_CONCURRENCY says otherwise. */
export const CONCURRENCY: Readonly<Record<Lane, number>> = {
  email: 5,
  'sms-otp': 5,
  sms: 5,
  orders: 16,
  analytics: 2,
  scheduled: 3,
}
export const MOST_AT_ONCE = 100

/** How many that are done, and that failed, a lane keeps for looking at, however old. */
export const KEPT = { done: 100, failed: 500 }

export const lanesOf = (queue: QueueName): Lane[] => LANES.filter(lane => RULES[lane].queue === queue)

export const isQueue = (name: string): name is QueueName => (QUEUES as readonly string[]).includes(name)
