import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { AppError } from '../../api/platform/errors.js'
import { newId } from '../../api/platform/ids.js'
import { type Deployed, recordDeploy } from './history.js'
import { type Holder, lockText, readLock, stateOf } from './lock.js'
import { currentOf, type Paths } from './supervisor/folder.js'

/** Null where there is no lock. Throws `deploy.running` for one whose deploy runs. */
export function unlock(
  paths: Paths,
  { by, reason, force }: { by: string; reason: string; force: boolean },
): Holder | null {
  const holder = readLock(paths.lock)
  if (!holder) return null
  const state = stateOf(holder)
  if (state === 'running' && !force) {
    const message = `${lockText(holder)} Stop it, and it goes back by itself; --force opens the lock all the same.`
    throw new AppError('conflict', 'deploy.running', message, { lock: holder })
  }
  const now = new Date().toISOString()
  const record: Omit<Deployed, 'id' | 'kind' | 'outcome'> = {
    ...{ release: holder.release ?? '', commit: '', previous: currentOf(paths) },
    ...{ host: hostname(), startedAt: holder.since, endedAt: now, skipped: [], steps: [] },
    ...{ by: holder.owner, reason: holder.reason, error: null },
  }
  if (state !== 'held')
    recordDeploy(paths, {
      ...record,
      id: holder.id,
      kind: 'deploy',
      outcome: 'cut_short',
      error: `at ${holder.step ?? 'its beginning'}`,
    })
  recordDeploy(paths, {
    ...record,
    id: newId(),
    kind: 'unlock',
    outcome: 'unlocked',
    by,
    reason,
    startedAt: now,
  })
  rmSync(paths.lock, { force: true })
  return holder
}
