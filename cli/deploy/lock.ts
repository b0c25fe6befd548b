import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { createPrivate, readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { identify, isAlive, type ProcessIdentity } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'

/** `process`: of the deploy that holds it; null where a person does, with `deploy:lock`. */
export type Holder = {
  id: string
  owner: string
  host: string
  reason: string
  since: string
  process: ProcessIdentity | null
  /** How far it is. */
  step?: string
  release?: string
}
export type Lock = { at(step: string): void; release(): void }

export type LockState = 'held' | 'running' | 'cut_short'

/**
 * One deploy at a time on a folder. The lock is a file in it, so that it holds while the database is away: migrations
 * and indexes have locks of their own there, between machines.
 */
export function takeLock(
  file: string,
  wanted: Omit<Holder, 'host' | 'since' | 'process'>,
  byPerson = false,
): Lock {
  const holder: Holder = {
    ...wanted,
    host: hostname(),
    since: new Date().toISOString(),
    process: byPerson ? null : identify(process.pid),
  }
  if (!createPrivate(file, JSON.stringify(holder))) throw held(readLock(file))
  const isOurs = () => readLock(file)?.id === holder.id
  return {
    at: step => {
      if (isOurs()) writePrivate(file, JSON.stringify({ ...holder, step }))
    },
    release: () => {
      if (isOurs()) rmSync(file, { force: true })
    },
  }
}

export function readLock(file: string): Holder | null {
  const text = readIfPresent(file)
  // ours alone, and whole from its first moment
  return text === null ? null : (JSON.parse(text) as Holder)
}

/** A deploy that was killed holds its lock still: somebody has to look first. */
export function stateOf({ process, host }: Holder): LockState {
  if (!process) return 'held'
  return host !== hostname() || isAlive(process) ? 'running' : 'cut_short'
}

export function lockText(holder: Holder): string {
  const who = `${holder.owner} on ${holder.host}`
  const state = stateOf(holder)
  if (state === 'held') return `Deploys are held by ${who}: ${holder.reason}.`
  const where = holder.step ? `, at ${holder.step}` : ''
  return state === 'running'
    ? `A deploy by ${who} runs (process ${holder.process?.pid}${where}): ${holder.reason}.`
    : `A deploy by ${who} was cut short${where}; its process ${holder.process?.pid} is gone: ${holder.reason}.`
}

function held(holder: Holder | null): AppError {
  const text = holder ? lockText(holder) : 'Another deploy has just ended.'
  return new AppError(
    'conflict',
    'deploy.locked',
    `${text} See \`cargoparts deploy:status\`; \`cargoparts deploy:unlock\` opens the lock.`,
    holder ? { lock: { ...holder, state: stateOf(holder) } } : {},
  )
}
