import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../api/platform/errors.js'
import { type Run, runProgram } from './program.js'
import type { Paths } from './supervisor/folder.js'

/**
 * Runs `hooks/before-STEP` or `hooks/after-STEP`, where the operator put one. They belong to the folder and not to a
 * release. One that fails fails its step.
 */
export async function runHook(
  paths: Paths,
  when: 'before' | 'after',
  step: string,
  facts: Record<string, string>,
  run: Run,
): Promise<void> {
  const file = path.join(paths.hooks, `${when}-${step}`)
  if (!isThere(file, constants.F_OK)) return
  if (!isThere(file, constants.X_OK))
    throw new AppError(
      'invalid',
      'deploy.hook',
      `The hook ${file} may not be executed: chmod +x it, or remove it.`,
    )
  await runProgram(file, [], { ...run, cwd: paths.root, env: { ...run.env, ...facts, DEPLOY_STEP: step } })
}

function isThere(file: string, mode: number): boolean {
  try {
    accessSync(file, mode)
    return true
  } catch {
    return false
  }
}
