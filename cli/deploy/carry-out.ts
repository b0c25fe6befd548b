import { existsSync, mkdirSync } from 'node:fs'
import { AppError } from '../../api/platform/errors.js'
import { type Deploy, Interrupted, releaseIn } from './deploy.js'
import { type Deployed, type Outcome, recordDeploy, type StepRecord } from './history.js'
import { takeLock } from './lock.js'
import { runSteps } from './pipeline.js'
import type { Step } from './steps.js'
import { openView, plainView, type View } from './view.js'

export type Done = Deployed & { log: string; ms: number }
type Options = { write(line: string): void; isQuiet: boolean }

/** A deploy from its lock to its record. Throws what it failed of, with what is live now and what to do next. */
export async function carryOut(deploy: Deploy, steps: Step[], { write, isQuiet }: Options): Promise<Done> {
  const { paths, target } = deploy
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 })
  const about = deploy.artefact ? deploy.artefact.release : 'this checkout'
  const reason = `${deploy.kind} of ${about}${deploy.reason ? ` (${deploy.reason})` : ''}`
  const lock = takeLock(paths.lock, { id: deploy.id, owner: deploy.by, reason, release: about })
  let view: View | undefined
  try {
    deploy.previous = await target.check()
    const names = steps.map(({ name }) => name)
    view = isQuiet ? plainView(names, () => {}) : await openView(names, write)
    const { records, failure } = await runSteps(deploy, steps, view, lock.at)
    view.close()
    if (!failure) return finish(deploy, records, 'deployed', null)
    const live = await takeBack(deploy)
    const outcome = failure.error instanceof Interrupted ? 'interrupted' : 'failed'
    finish(deploy, records, outcome, failure.error.message)
    throw failureOf(deploy, records, failure, live)
  } finally {
    view?.close()
    lock.release()
    target.close()
  }
}

/** What is live after it. A target that cannot go back is the one thing an operator must hear of at once. */
async function takeBack(deploy: Deploy): Promise<string | null> {
  try {
    await deploy.target.revert()
    return await deploy.target.check()
  } catch (cause) {
    const message = 'The deploy failed, and what was live before could not be brought back. Look at once.'
    throw new AppError('internal', 'deploy.not_taken_back', message, {}, { cause })
  }
}

function finish(deploy: Deploy, steps: StepRecord[], outcome: Outcome, error: string | null): Done {
  const endedAt = new Date()
  const done: Deployed = {
    ...{ id: deploy.id, kind: deploy.kind, outcome },
    release: deploy.artefact?.release ?? '',
    commit: deploy.artefact?.manifest.commit ?? '',
    previous: deploy.previous,
    ...{ by: deploy.by, host: deploy.host },
    startedAt: deploy.startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    reason: deploy.reason,
    skipped: [...deploy.skipped],
    ...{ error, steps },
  }
  recordDeploy(deploy.paths, done)
  return { ...done, log: deploy.log, ms: endedAt.getTime() - deploy.startedAt.getTime() }
}

function failureOf(
  deploy: Deploy,
  steps: StepRecord[],
  { step, error }: { step: Step; error: Error },
  live: string | null,
): Error {
  const release = deploy.artefact ? releaseIn(deploy).id : null
  const now = live === null ? 'Nothing is live.' : `${live} is live.`
  const what = `The ${deploy.kind}${release ? ` of ${release}` : ''}`
  if (error instanceof Interrupted)
    return new Interrupted(`${what} was interrupted at ${step.name}. ${now} ${step.next}`)
  const app = error instanceof AppError ? error : null
  const message = `${what} failed at ${step.name}. ${error.message}\n${now} ${step.next}${existsSync(deploy.log) ? ` Log: ${deploy.log}` : ''}`
  return new AppError(
    app?.kind ?? 'internal',
    app?.code ?? 'deploy.failed',
    message,
    { id: deploy.id, step: step.name, release, live, steps, log: deploy.log, next: step.next },
    { cause: error },
  )
}
