import type { Deploy } from './deploy.js'
import { checkStep, packStep } from './steps/build.js'
import {
  artefactStep,
  environmentStep,
  indexesStep,
  lintStep,
  migrateStep,
  unpackStep,
} from './steps/prepare.js'
import {
  confirmStep,
  healthStep,
  smokeStep,
  startStep,
  switchStep,
  tidyStep,
  warmUpStep,
} from './steps/release.js'

export type Step = {
  name: string
  /** What it does, for a plan. */
  about: string
  isSkippable: boolean
  /** Returns what to show beside its name. `say` shows how far it is. */
  run(deploy: Deploy, say: (line: string) => void): Promise<string>
  /** What somebody does next, where it failed. */
  next: string
}

const GOING_LIVE = [startStep, healthStep, warmUpStep, switchStep, smokeStep, confirmStep, tidyStep]

/** From sources, or from an artefact that was tested before. */
export const stepsOfDeploy = (isBuilt: boolean): Step[] => [
  ...(isBuilt ? [] : [checkStep, packStep]),
  ...[artefactStep, unpackStep, environmentStep, lintStep, migrateStep, indexesStep],
  ...GOING_LIVE,
]

/** Nothing of the schema: the release before runs on the schema of the one after it, and `down` is never run. */
export const stepsOfRollback = (): Step[] => [unpackStep, environmentStep, ...GOING_LIVE]

export const SKIPPABLE = [...stepsOfDeploy(false)].filter(step => step.isSkippable).map(step => step.name)
export const SKIPPABLE_BACK = stepsOfRollback()
  .filter(step => step.isSkippable)
  .map(step => step.name)
