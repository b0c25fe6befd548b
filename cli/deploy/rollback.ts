import { AppError } from '../../api/platform/errors.js'
import { findArtefact, releasesIn } from './artefact.js'
import { beginDeploy, type Deploy } from './deploy.js'
import { readHistory } from './history.js'
import { SKIPPABLE_BACK } from './steps.js'
import { currentOf, environmentOf, type Paths, type Settings } from './supervisor/folder.js'
import { targetOf } from './targets/index.js'

type Options = {
  paths: Paths
  settings: Settings
  by: string
  reason: string | null
  env: NodeJS.ProcessEnv
  /** A release or a commit; the one that was live before, where nothing is said. */
  wanted: string | undefined
  skipped: ReadonlySet<string>
  signal: AbortSignal
}

/** Throws `deploy.nothing_before` where there is nothing to go back to. */
export async function beginRollback({ wanted, skipped, env, ...rest }: Options): Promise<Deploy> {
  const { paths } = rest
  const unknown = [...skipped].filter(name => !SKIPPABLE_BACK.includes(name))
  if (unknown.length > 0) {
    const message = `${unknown.join(', ')} cannot be skipped. What can: ${SKIPPABLE_BACK.join(', ')}.`
    throw new AppError('invalid', 'deploy.not_skippable', message)
  }
  const artefact = await findArtefact(paths, wanted ?? before(paths))
  if (artefact.file !== null) {
    const message = `${artefact.release} is not unpacked here: \`cargoparts deploy ${artefact.manifest.commit.slice(0, 12)}\` brings it live.`
    throw new AppError('not_found', 'deploy.no_release', message)
  }
  if (artefact.release === currentOf(paths))
    throw new AppError('conflict', 'deploy.live_already', `${artefact.release} is live already.`)
  return beginDeploy({
    ...{ ...rest, kind: 'rollback' as const, skipped, artefact, source: null },
    target: targetOf(paths, rest.settings, env),
    env: environmentOf(paths, env),
  })
}

/** What was live before what is live came. */
function before(paths: Paths): string {
  const live = currentOf(paths)
  const kept = new Set(releasesIn(paths))
  const came = readHistory(paths).findLast(
    ({ outcome, release }) => outcome === 'deployed' && release === live,
  )
  if (came?.previous && came.previous !== live && kept.has(came.previous)) return came.previous
  const message = 'No release before this one is kept here. `cargoparts deploy:status` lists those that are.'
  throw new AppError('not_found', 'deploy.nothing_before', message)
}
