import { appendFileSync } from 'node:fs'
import { readIfPresent } from '../../api/embedded/private-file.js'
import type { Paths } from './supervisor/folder.js'

export type StepState = 'done' | 'failed' | 'skipped' | 'not_reached'
export type StepRecord = { name: string; state: StepState; ms: number; detail: string }
export type Outcome = 'deployed' | 'failed' | 'interrupted' | 'cut_short' | 'unlocked'
/** One line of `deploys.jsonl`. */
export type Deployed = {
  id: string
  kind: 'deploy' | 'rollback' | 'unlock'
  outcome: Outcome
  release: string
  commit: string
  /** What was live before, and is again where it failed. */
  previous: string | null
  by: string
  host: string
  startedAt: string
  endedAt: string
  reason: string | null
  skipped: string[]
  error: string | null
  steps: StepRecord[]
}

/** Kept in the folder, so that a deploy is on record also while the database is away. The newest is last. */
export function recordDeploy(paths: Paths, deployed: Deployed): void {
  appendFileSync(paths.history, `${JSON.stringify(deployed)}\n`, { mode: 0o600 })
}

export function readHistory(paths: Paths): Deployed[] {
  return (readIfPresent(paths.history) ?? '')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Deployed)
}

const auditedFile = (paths: Paths) => `${paths.history}.audited`

/** What the audit trail does not have yet, the oldest first. */
export function unaudited(paths: Paths): Deployed[] {
  const known = new Set((readIfPresent(auditedFile(paths)) ?? '').split('\n'))
  return readHistory(paths).filter(({ id }) => !known.has(id))
}

export function markAudited(paths: Paths, id: string): void {
  appendFileSync(auditedFile(paths), `${id}\n`, { mode: 0o600 })
}
