import { rmSync } from 'node:fs'
import { createPrivate, readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { identify, isAlive, type ProcessIdentity, waitFor } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'

export type Lock = { release(): void }

/**
 * One `start` per data folder. The lock names its holder by pid and start time: a holder that was killed,
 * or whose pid now belongs to somebody else, holds nothing.
 */
export async function acquireLock(file: string, holder = identify(process.pid)): Promise<Lock> {
  if (!holder) throw new Error('cannot tell when this process started')
  await alone(file, holder, () => {
    const other = readHolder(file)
    if (other && isAlive(other)) throw alreadyRunning(other)
    writePrivate(file, JSON.stringify(holder))
  })
  return {
    release() {
      if (readHolder(file)?.startedAt === holder.startedAt) rmSync(file, { force: true })
    },
  }
}

/** Looking and taking are two steps; the guard, held for a millisecond, makes them one. */
async function alone(file: string, holder: ProcessIdentity, work: () => void): Promise<void> {
  const guard = `${file}.guard`
  const isOurs = await waitFor(() => {
    if (createPrivate(guard, JSON.stringify(holder))) return true
    const other = readHolder(guard)
    if (other && !isAlive(other)) rmSync(guard, { force: true })
    return false
  }, 5_000)
  if (!isOurs)
    throw new AppError('conflict', 'start.lock_busy', `${guard} is in the way; delete it if no start runs.`)
  try {
    work()
  } finally {
    rmSync(guard, { force: true })
  }
}

/** Null for no lock, and for a file that is none. */
function readHolder(file: string): ProcessIdentity | null {
  try {
    const text = readIfPresent(file)
    return text ? (JSON.parse(text) as ProcessIdentity) : null
  } catch {
    return null
  }
}

function alreadyRunning({ pid }: ProcessIdentity): AppError {
  return new AppError(
    'conflict',
    'start.already_running',
    `CargoParts already runs on this data folder (process ${pid}). Stop it with Ctrl-C, or name another folder in CARGOPARTS_DATA.`,
    { pid },
  )
}
