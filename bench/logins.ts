import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Caller, createCaller } from './caller.js'
import { root, run } from './child.js'
import type { Closing } from './closing.js'
import { median, quantile } from './figures.js'
import type { House } from './house.js'
import type { Plan } from './options.js'

/** Logins a second, beside bare password hashes a second of the same rounds, and how health answered meanwhile. */
export type LoginFigures = {
  perSecond: number
  hashesPerSecond: number
  /** Of the two, round by round. */
  toHashes: number
  healthP99Ms: number
  failed: number
}

/** As many at once as the marks say. */
const AT_ONCE = 50
const PEOPLE = 5
const HEALTH_EVERY_MS = 20
const PASSWORD = 'a password of the bench'

export async function measureLogins(closing: Closing, { apiUrl }: House, plan: Plan): Promise<LoginFigures> {
  const { call, close } = createCaller(apiUrl, AT_ONCE + 4)
  try {
    const people = await Promise.all(Array.from({ length: PEOPLE }, (_, at) => register(call, at)))
    const rounds = []
    for (let number = 0; number < (plan.isQuick ? 1 : 3); number++) {
      const hashes = await bareHashes(closing)
      rounds.push({ hashes, ...(await oneRound(call, people)) })
    }
    return {
      perSecond: median(rounds.map(round => round.perSecond)),
      hashesPerSecond: median(rounds.map(round => round.hashes)),
      toHashes: median(rounds.map(round => round.perSecond / round.hashes)),
      healthP99Ms: Math.max(...rounds.map(round => quantile(round.healthMs, 0.99))),
      failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    }
  } finally {
    close()
  }
}

async function register(call: Caller, at: number): Promise<string> {
  const email = `login-${at}@example.sa`
  const body = JSON.stringify({ email, password: PASSWORD, name: 'Bench' })
  const { status, text } = await call({ method: 'POST', path: '/api/v1/auth/register', body })
  if (status !== 201) throw new Error(`registering answered ${status}: ${text}`)
  return email
}

async function bareHashes(closing: Closing): Promise<number> {
  const { stdout } = await run(closing, process.execPath, [
    path.join(root, 'dist/bench/limits/hash.js'),
    String(AT_ONCE),
  ])
  return Number(stdout)
}

async function oneRound(call: Caller, people: string[]) {
  const start = performance.now()
  let isOver = false
  const watch = watchHealth(call, () => isOver)
  watch.catch(() => undefined) // awaited below; a run that is ended early still has to tidy up
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, at) => {
      const body = JSON.stringify({ email: people[at % people.length], password: PASSWORD })
      return call({ method: 'POST', path: '/api/v1/auth/login', body })
    }),
  )
  const perSecond = (AT_ONCE / (performance.now() - start)) * 1_000
  isOver = true
  return {
    perSecond,
    healthMs: await watch,
    failed: answers.filter(({ status }) => status !== 200).length,
  }
}

async function watchHealth(call: Caller, isOver: () => boolean): Promise<number[]> {
  const times: number[] = []
  while (!isOver()) {
    const start = performance.now()
    await call({ path: '/api/health' })
    times.push(performance.now() - start)
    await wait(HEALTH_EVERY_MS)
  }
  return times
}
