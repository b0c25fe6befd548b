import type { Paths } from '../supervisor/folder.js'
import { processesTarget } from './processes.js'
import type { Target } from './target.js'

/** Where this folder's releases run. `env` is the command's own: what a supervisor would be started with. */
export function targetOf(paths: Paths, env: NodeJS.ProcessEnv): Target {
  return processesTarget(paths, env)
}
