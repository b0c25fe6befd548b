import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../api/platform/errors.js'
import { findArtefact } from '../artefact.js'
import { type Deploy, runOf } from '../deploy.js'
import type { Check } from '../manifest.js'
import { pack } from '../pack.js'
import { type Run, runProgram } from '../program.js'
import { commitOf } from '../source.js'
import type { Step } from '../steps.js'

/** What a source has to pass before it is packed, in the order of what is quickest to fail. */
export const CHECKS = ['lint', 'type-check', 'test:unit', 'test:integration'] as const

/** Each check by its npm script, in the checkout. Throws at the first that fails. */
export async function runChecks(run: Run, onCheck: (name: string) => void = () => {}): Promise<Check[]> {
  const passed: Check[] = []
  for (const name of CHECKS) {
    onCheck(name)
    const from = performance.now()
    await runProgram('npm', ['run', name], run)
    passed.push({ name, outcome: 'passed', ms: Math.round(performance.now() - from) })
  }
  return passed
}

export const skippedChecks = (): Check[] => CHECKS.map(name => ({ name, outcome: 'skipped', ms: 0 }))

const done = new WeakMap<Deploy, { commit: string; checks: Check[] }>()

export const checkStep: Step = {
  name: 'checks',
  about: 'lint, type-check, test:unit and test:integration of the checkout',
  isSkippable: true,
  next: 'Mend what failed and begin again. Nothing was changed.',
  async run(deploy, say) {
    const run = { ...runOf(deploy, say), env: buildEnvironment(deploy.env) }
    // the checks take minutes: what nobody could build again is refused before them
    const commit = await commitOf(run.cwd)
    done.set(deploy, { commit, checks: await runChecks(run, name => say(name)) })
    return CHECKS.join(', ')
  },
}

export const packStep: Step = {
  name: 'pack',
  about: 'build the checkout and make an artefact of it',
  isSkippable: false,
  next: 'Mend the build and begin again. Nothing was changed.',
  async run(deploy, say) {
    const source = deploy.source as string
    const run = { ...runOf(deploy, say), env: buildEnvironment(deploy.env) }
    const commit = await commitOf(source)
    const checked = done.get(deploy)
    if (checked && checked.commit !== commit) throw moved(checked.commit, commit)
    await runProgram('npm', ['run', 'build'], run)
    mkdirSync(deploy.paths.artefacts, { recursive: true })
    const { file, bytes } = await pack({
      source,
      commit,
      into: deploy.paths.artefacts,
      checks: checked?.checks ?? skippedChecks(),
      reason: checked ? null : deploy.reason,
    })
    deploy.artefact = await findArtefact(deploy.paths, file)
    return `${path.basename(file)}, ${(bytes / 1e6).toFixed(1)} MB`
  },
}

/** Somebody pulled meanwhile: what would be packed is not what passed. */
export const moved = (checked: string, found: string): AppError =>
  new AppError(
    'conflict',
    'deploy.moved',
    `The checks were of ${checked.slice(0, 12)}, and the checkout is at ${found.slice(0, 12)} now.`,
  )

/** A build and its tests are no part of what is live: neither its services nor NODE_ENV=production reach them. */
export function buildEnvironment({ PATH, HOME, TMPDIR, LANG }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, LANG }).filter(([, value]) => value !== undefined),
  )
}
