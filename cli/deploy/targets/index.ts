import type { Paths, Settings } from '../supervisor/folder.js'
import { processesTarget } from './processes.js'
import type { Target } from './target.js'

/** Where this folder's releases run: `target` in its deploy.json. */
export function targetOf(paths: Paths, _settings: Settings): Target {
  return processesTarget(paths)
}
