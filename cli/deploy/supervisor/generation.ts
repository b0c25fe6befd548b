import { setTimeout as wait } from 'node:timers/promises'
import { type Member, type MemberReport, type Role, startMember } from './member.js'

export type GenerationState = 'candidate' | 'live' | 'standby' | 'draining'
export type GenerationReport = {
  number: number
  release: string
  state: GenerationState
  startedAt: string
  members: MemberReport[]
}
export type Generation = ReturnType<typeof startGeneration>

type Options = {
  number: number
  release: string
  folder: string
  count: Record<Role, number>
  doorFor(role: Role, index: number): string
  logFor(role: Role): string
  env: NodeJS.ProcessEnv
  /** One process after the other, because others serve meanwhile on the same cores. */
  isBeside: boolean
}

/** Work in hand has so long to end: longer than the processes' own limit for it. */
const END_MS = 30_000

/** All processes of one release. */
export function startGeneration({ number, release, folder, count, doorFor, logFor, env, isBeside }: Options) {
  const startedAt = new Date().toISOString()
  let before: Member | undefined
  const start = (role: Role, inTurn: boolean): Member[] =>
    Array.from({ length: count[role] }, (_, index) => {
      const turn = inTurn ? before?.begun() : undefined
      before = startMember({ role, folder, env, door: doorFor(role, index), log: logFor(role), turn })
      return before
    })
  const api = start('api', isBeside)
  let workers = start('worker', isBeside)
  let state: GenerationState = 'candidate'
  let drained: Promise<boolean>[] | undefined
  const all = () => [...api, ...workers]

  return {
    number,
    release,
    api: api as readonly Member[],
    state: () => state,
    report: (): GenerationReport => ({
      ...{ number, release, state, startedAt },
      members: all().map(member => member.report()),
    }),

    untilUp: async (limitMs: number): Promise<boolean> =>
      (await Promise.all(all().map(member => member.untilUp(limitMs)))).every(Boolean),

    /** It serves from now on, and its processes are kept alive. */
    live(): void {
      const isBack = state === 'standby'
      state = 'live'
      if (isBack) {
        for (const member of api) member.serve()
        drained = undefined
        workers = start('worker', false)
      }
      for (const member of all()) member.keep()
    },

    startDraining(drainMs: number): void {
      state = 'draining'
      drained = api.map(member => member.drain(drainMs))
    },

    /** Another serves; this one could come back at once. Its workers finish what they have in hand and end. */
    standBy(drainMs: number): void {
      state = 'standby'
      drained = api.map(member => member.drain(drainMs))
      void Promise.all(workers.map(member => member.end(END_MS)))
    },

    /** Its connections end as they are used, at the latest after `drainMs`; then its processes do. */
    async retire(drainMs: number): Promise<{ isEmpty: boolean }> {
      state = 'draining'
      const ended = Promise.all(workers.map(member => member.end(END_MS)))
      const emptied = await Promise.all(
        api.map(async (member, index) => {
          const isEmpty = await (drained?.[index] ?? member.drain(drainMs))
          await member.end(END_MS)
          return isEmpty
        }),
      )
      await ended
      return { isEmpty: emptied.every(Boolean) }
    },

    /** Nobody reached it yet, or nothing helps any more: its processes end. */
    async end(): Promise<void> {
      state = 'draining'
      await Promise.race([Promise.all(all().map(member => member.end(END_MS))), wait(END_MS + 6_000)])
    },
  }
}
