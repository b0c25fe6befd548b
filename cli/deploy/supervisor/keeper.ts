import type { Gate } from './gate.js'
import { type Generation, type GenerationReport, startGeneration } from './generation.js'
import type { Role } from './member.js'

export type Status = {
  pid: number
  port: number
  isOpen: boolean
  waiting: number
  generations: GenerationReport[]
}
export type Keeper = ReturnType<typeof createKeeper>

type Deps = {
  gate: Gate
  /** What is read anew for every generation: the environment may have changed since the last. */
  settings(): { count: Record<Role, number>; drainMs: number; readyMs: number; env: NodeJS.ProcessEnv }
  folderOf(release: string): string
  doorFor(generation: number, role: Role, index: number): string
  logFor(release: string, role: Role): string
  /** Makes a release the one that is started when the machine is. */
  remember(release: string): void
}

/**
 * The generations of processes: one is live, one may be getting ready. A switch is a trial until it is confirmed: until
 * then the generation before stands by, and is back at once.
 */
export function createKeeper({ gate, settings, folderOf, doorFor, logFor, remember }: Deps) {
  let number = 0
  let live: Generation | undefined
  let standby: Generation | undefined
  let candidate: Generation | undefined
  let isOnTrial = false
  const leaving = new Set<Generation>()

  function begin(release: string): Generation {
    const { count, env } = settings()
    const mine = ++number
    return startGeneration({
      ...{ number: mine, release, count, env, folder: folderOf(release), isBeside: live !== undefined },
      doorFor: (role, index) => doorFor(mine, role, index),
      logFor: role => logFor(release, role),
    })
  }

  function leave<T>(generation: Generation, how: Promise<T>): Promise<T> {
    leaving.add(generation)
    return how.finally(() => leaving.delete(generation))
  }

  /** Its workers go on until those that come back have begun. */
  async function leaveTo(next: Generation | undefined, failed: Generation): Promise<void> {
    const { readyMs, drainMs } = settings()
    failed.startDraining(drainMs)
    await next?.untilUp(readyMs)
    await failed.retire(drainMs)
  }

  return {
    status: (): Status => ({
      pid: process.pid,
      port: gate.port(),
      isOpen: gate.isOpen(),
      waiting: gate.waiting(),
      generations: [live, candidate, standby, ...leaving].flatMap(each => (each ? [each.report()] : [])),
    }),

    /** At the start of the machine: what was live is live again, ready or not. */
    async resume(release: string): Promise<void> {
      live = begin(release)
      live.live()
      await gate.sendTo(live.api)
    },

    /** Starts a release beside the one that is live. Nobody is sent there yet. */
    start(release: string): GenerationReport {
      if (candidate || isOnTrial) throw new Refusal('Another release is getting ready, or on trial.')
      candidate = begin(release)
      return candidate.report()
    },

    candidate: (): GenerationReport | null => candidate?.report() ?? null,

    /** Sends every new connection to the candidate. The generation before stands by. */
    async switch(): Promise<void> {
      if (!candidate) throw new Refusal('There is nothing to switch to.')
      const next = candidate
      if (!(await next.untilUp(settings().readyMs))) throw new Refusal('Not all of its processes are up.')
      await gate.sendTo(next.api)
      next.live()
      ;[standby, live, candidate] = [live, next, undefined]
      isOnTrial = true
      standby?.standBy(settings().drainMs)
    },

    /** The trial is over: the generation before is let go. Says whether all its connections ended by themselves. */
    async confirm(): Promise<{ isEmpty: boolean }> {
      if (!live || !isOnTrial) throw new Refusal('Nothing is on trial.')
      remember(live.release)
      const before = standby
      ;[standby, isOnTrial] = [undefined, false]
      return before ? leave(before, before.retire(settings().drainMs)) : { isEmpty: true }
    },

    /** Back to what was live before, if anything changed. Resolves when it serves; the other one leaves by itself. */
    async revert(): Promise<void> {
      if (candidate) {
        const failed = candidate
        candidate = undefined
        void leave(failed, failed.end())
        return
      }
      if (!isOnTrial || !live) return
      const failed = live
      isOnTrial = false
      if (standby) {
        standby.live()
        await gate.sendTo(standby.api)
      } else gate.close()
      ;[live, standby] = [standby, undefined]
      void leave(failed, leaveTo(live, failed))
    },

    async stop(): Promise<void> {
      gate.close()
      const all = [live, candidate, standby].filter(each => each !== undefined)
      await Promise.all(all.map(each => each.retire(settings().drainMs)))
    },
  }
}

/** What the one who asked has to hear, in its own words. */
export class Refusal extends Error {}
