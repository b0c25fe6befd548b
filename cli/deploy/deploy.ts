import { hostname } from 'node:os'
import path from 'node:path'
import { AppError } from '../../api/platform/errors.js'
import { newId } from '../../api/platform/ids.js'
import type { Artefact } from './artefact.js'
import type { Run } from './program.js'
import type { Paths, Settings } from './supervisor/folder.js'
import type { Release, Target } from './targets/target.js'

/** One deploy, from its beginning to its end. */
export type Deploy = {
  id: string
  kind: 'deploy' | 'rollback'
  paths: Paths
  settings: Settings
  target: Target
  by: string
  host: string
  startedAt: Date
  /** What the releases are started with. */
  env: NodeJS.ProcessEnv
  skipped: ReadonlySet<string>
  reason: string | null
  /** Aborted by Ctrl-C, or when the one who watches is gone. */
  signal: AbortSignal
  /** Where the programs it runs print to. */
  log: string
  /** The checkout to build from, where no artefact was named. */
  source: string | null
  artefact: Artefact | null
  previous: string | null
}
type Options = Omit<Deploy, 'id' | 'host' | 'startedAt' | 'log' | 'previous'>

export function beginDeploy(options: Options): Deploy {
  const id = newId()
  const startedAt = new Date()
  const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '')
  const log = path.join(options.paths.logs, `deploy-${stamp}-${id.slice(-8)}.log`)
  return { ...options, id, startedAt, host: hostname(), log, previous: null }
}

/** The release it is about, once the artefact is known. */
export function releaseIn({ artefact, paths }: Deploy): Release {
  if (!artefact) throw new AppError('internal', 'deploy.no_artefact_yet', 'The artefact is not known yet.')
  return { id: artefact.release, folder: paths.release(artefact.release), manifest: artefact.manifest }
}

export const runOf = (deploy: Deploy, say: (line: string) => void): Run => ({
  cwd: deploy.source ?? deploy.paths.root,
  env: deploy.env,
  log: deploy.log,
  signal: deploy.signal,
  onLine: say,
})

/** What a hook learns of the deploy. */
export const factsOf = (deploy: Deploy): Record<string, string> => ({
  DEPLOY_ID: deploy.id,
  DEPLOY_KIND: deploy.kind,
  DEPLOY_ROOT: deploy.paths.root,
  DEPLOY_RELEASE: deploy.artefact?.release ?? '',
  DEPLOY_COMMIT: deploy.artefact?.manifest.commit ?? '',
  DEPLOY_PREVIOUS: deploy.previous ?? '',
  DEPLOY_BY: deploy.by,
})

/** Somebody asked the deploy to stop. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}
