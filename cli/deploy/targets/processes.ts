import path from 'node:path'
import { linesSince } from '../../../api/embedded/log-file.js'
import { AppError } from '../../../api/platform/errors.js'
import type { Place } from '../ask.js'
import { type Conversation, talk } from '../conversation.js'
import { runProgram } from '../program.js'
import { ensureSupervisor } from '../start-supervisor.js'
import { currentOf, type Paths, readSettings } from '../supervisor/folder.js'
import type { GenerationReport } from '../supervisor/generation.js'
import type { Status } from '../supervisor/keeper.js'
import type { MemberReport } from '../supervisor/member.js'
import type { Target } from './target.js'

/** Processes on this machine, under the supervisor that holds the port. */
export function processesTarget(paths: Paths, env: NodeJS.ProcessEnv): Target {
  let open: Promise<Conversation> | undefined
  const supervisor = () => {
    open ??= talk(paths.control)
    return open
  }
  const ask = async <T>(question: Parameters<Conversation['ask']>[0]): Promise<T> =>
    (await supervisor()).ask<T>(question)

  return {
    async check() {
      await ensureSupervisor(paths, env)
      await ask(STATUS)
      return currentOf(paths)
    },

    hasOwnDependencies: false,

    run: ({ folder }, words, run) =>
      runProgram(process.execPath, [path.join(folder, 'bin', 'run.js'), ...words], {
        ...run,
        cwd: folder,
        words,
      }),

    async start({ id }) {
      const { members } = await ask<GenerationReport>({ ask: 'start', release: id })
      return members
        .map(({ role, pid }) => (pid === null ? `${role} in its turn` : `${role} ${pid}`))
        .join(', ')
    },

    async places() {
      const candidate = await ask<GenerationReport | null>({ ask: 'candidate' })
      const members = candidate?.members ?? []
      const dead = members.find(({ state }) => state === 'ended')
      if (dead) throw ended(dead)
      return members.map(({ door }): Place => ({ door }))
    },

    async switch() {
      await ask({ ask: 'switch' })
      const { port } = await ask<Status>(STATUS)
      return `port ${port}`
    },

    async front() {
      const { port } = await ask<Status>(STATUS)
      const { host } = readSettings(paths)
      return { url: `http://${reachable(host)}:${port}` }
    },

    async confirm() {
      const { isEmpty } = await ask<{ isEmpty: boolean }>({ ask: 'confirm' })
      return isEmpty ? 'all connections ended by themselves' : 'what was still idle was closed at the limit'
    },

    async revert() {
      if (open) await ask({ ask: 'revert' }).catch(ignoreNothingBegun)
    },

    close() {
      open?.then(
        conversation => conversation.close(),
        () => undefined,
      )
    },
  }
}

const STATUS = { ask: 'status' } as const

function ended({ role, lastEnd, log }: MemberReport): AppError {
  const words = linesSince({ file: log, from: 0 }, 8)
  const message = `The new ${role} process ended (${lastEnd}). Its last lines, from ${log}:\n${words}`
  return new AppError('unavailable', 'deploy.process_ended', message)
}

/** The supervisor refuses to take back what never began. */
function ignoreNothingBegun(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'deploy.refused') throw error
}

const reachable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
