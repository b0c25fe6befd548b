import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { linesSince, markLog, withLog } from '../../api/embedded/log-file.js'
import { identify, type ProcessIdentity } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'
import { endGently } from './children.js'

export type Child = {
  who: ProcessIdentity
  /** Resolves with what to say about it when the process ends without having been asked to. */
  died: Promise<AppError>
  stop(): Promise<void>
}

/** Requests leave much that is soon of no use: collected early, a process needs a third less memory under load. */
const NODE_FLAGS = ['--max-semi-space-size=4']

/** Starts one of our own programs, its output appended to a log that outlives us. */
export function startChild(name: string, entry: URL, env: NodeJS.ProcessEnv, log: string): Child {
  const mark = markLog(log)
  const child = withLog(log, descriptor =>
    spawn(process.execPath, [...NODE_FLAGS, fileURLToPath(entry)], {
      env,
      // Out of the terminal's process group: Ctrl-C reaches us, and we stop it in its turn.
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
    }),
  )
  const who = child.pid === undefined ? null : identify(child.pid)
  let isStopping = false
  const died = new Promise<AppError>(resolve => {
    const report = (how: string) => {
      if (!isStopping) resolve(deathOf(name, how, linesSince(mark), log))
    }
    child.once('error', error => report(error.message))
    child.once('exit', (code, signal) => report(signal ?? `exit code ${code}`))
  })
  if (!who) throw deathOf(name, 'at once', linesSince(mark), log)
  return {
    who,
    died,
    stop: () => {
      isStopping = true
      return endGently(who)
    },
  }
}

function deathOf(name: string, how: string, lines: string, log: string): AppError {
  const message = `${name} stopped unexpectedly (${how}). Its last lines, from ${basename(log)}:\n${lines}`
  const death = new AppError('internal', 'start.child_died', message, { child: name, log })
  // Where this process noticed it says nothing; the child's own lines do.
  death.stack = undefined
  return death
}
