import type { Paths, Settings } from '../supervisor/folder.js'
import { composeTarget } from './compose.js'
import { processesTarget } from './processes.js'
import type { Target } from './target.js'

/** Where this folder's releases run. `env` is the command's own: what a supervisor would be started with. */
export function targetOf(paths: Paths, settings: Settings, env: NodeJS.ProcessEnv): Target {
  return settings.target === 'compose' ? composeTarget(paths, settings, env) : processesTarget(paths, env)
}
