import { truncateSync } from 'node:fs'
import type { Running } from './child.js'
import type { Closing } from './closing.js'
import { peakDuring } from './memory.js'
import type { Plan } from './options.js'
import type { Statements } from './statements.js'
import { type Aim, CONNECTIONS, type Load, load } from './wrk.js'

/** Something to put load on: an operation of the API (then with the API's process), or a limit beside it. */
export type Course = { name: string; aim: Aim; api?: Running }
/** `statements` are those of one request. */
export type Round = Load & { apiMib?: number; statements?: number | undefined }

/**
 * All courses in turn, then all again: while the machine's speed drifts, a target and its limit of one round
 * met the same machine. One shorter round before does not count.
 */
export async function runRounds(
  closing: Closing,
  courses: Course[],
  plan: Plan,
  statements: Statements,
  tell: (line: string) => void,
): Promise<Map<string, Round[]>> {
  for (const { aim } of courses) await load(closing, aim, plan.warmSeconds)
  const rounds = new Map<string, Round[]>(courses.map(({ name }) => [name, []]))
  for (let number = 1; number <= plan.rounds; number++) {
    for (const course of courses) {
      tell(`round ${number}/${plan.rounds}: ${course.name}`)
      await statements.quiet()
      rounds.get(course.name)?.push(await runOne(closing, course, plan.roundSeconds, statements))
    }
  }
  return rounds
}

async function runOne(
  closing: Closing,
  { aim, api }: Course,
  seconds: number,
  statements: Statements,
): Promise<Round> {
  if (!api) return load(closing, aim, seconds)
  truncateSync(api.log) // a long run would fill the disk with it
  const before = await statements.count()
  const { made, peakMib } = await peakDuring(api.pid, () => load(closing, aim, seconds))
  await statements.quiet()
  const after = await statements.count()
  // wrk leaves one request of each connection unanswered, which the API serves all the same
  const served = made.requests + CONNECTIONS
  const each = before === undefined || after === undefined ? undefined : (after - before) / served
  return { ...made, apiMib: peakMib, statements: each }
}
