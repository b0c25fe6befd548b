import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../api/platform/errors.js'
import { verifyChecksum } from '../artefact.js'
import { type Deploy, releaseIn, runOf } from '../deploy.js'
import { isTested } from '../manifest.js'
import type { Printed } from '../program.js'
import type { Step } from '../steps.js'
import { installDependencies, unpack } from '../unpack.js'

export const artefactStep: Step = {
  name: 'artefact',
  about: 'is it whole, tested, and made for this Node.js?',
  isSkippable: true,
  next: 'Pack it again where its checks ran, or skip this step with a reason. Nothing was changed.',
  async run(deploy) {
    const { manifest } = releaseIn(deploy)
    const file = deploy.artefact?.file
    const sum = file ? (await verifyChecksum(file)).slice(0, 12) : 'here already'
    const own = `${manifest.commit.slice(0, 12)}, ${sum}`
    // who leaves the checks out here has said why, for this deploy
    if (deploy.source !== null && deploy.skipped.has('checks')) return `${own}, packed without its checks`
    if (!isTested(manifest)) {
      const why = manifest.reason ? ` (${manifest.reason})` : ''
      throw new AppError('invalid', 'deploy.not_tested', `The artefact was packed without its checks${why}.`)
    }
    return `${own}, ${manifest.checks.length} checks passed`
  },
}

export const unpackStep: Step = {
  name: 'unpack',
  about: 'a folder of its own, with the dependencies of its lockfile',
  isSkippable: false,
  next: 'The log has what npm said; the release before was not touched. Begin again.',
  async run(deploy, say) {
    const { artefact, paths } = deploy
    if (!artefact) throw new AppError('internal', 'deploy.no_artefact_yet', 'The artefact is not known yet.')
    const isNew = await unpack(paths, artefact)
    if (deploy.target.hasOwnDependencies)
      return isNew ? 'its image has what it depends on' : 'unpacked already'
    const dependencies = await installDependencies(paths, artefact.release, runOf(deploy, say))
    return isNew ? `dependencies ${dependencies}` : 'unpacked already'
  },
}

export const environmentStep: Step = {
  name: 'environment',
  about: 'does the release find all it needs in shared/env?',
  isSkippable: true,
  next: 'Mend shared/env in the deploy folder and begin again. Nothing was changed.',
  async run(deploy, say) {
    for (const purpose of ['api', 'worker']) await ofRelease(deploy, ['env:check', '--for', purpose], say)
    return 'good for api and worker'
  },
}

export const lintStep: Step = {
  name: 'lint',
  about: 'would a migration block, or break the release that is live?',
  isSkippable: true,
  next: 'Write the migration in the safe way that stands beside each finding. Nothing was changed.',
  async run(deploy, say) {
    if (!commandsOf(deploy).has('db:lint')) return 'this release has none'
    return (await ofRelease(deploy, ['db:lint'], say)).last
  },
}

export const migrateStep: Step = {
  name: 'migrate',
  about: 'expand the schema: the release that is live goes on on it',
  isSkippable: true,
  next: 'Migrations that were applied stay: the release that is live runs on them. `cargoparts db:status` tells which.',
  async run(deploy, say) {
    const { last } = await ofRelease(deploy, ['db:migrate'], say)
    return last.trim()
  },
}

export const indexesStep: Step = {
  name: 'indexes',
  about: 'build the indexes that are missing, without blocking writes',
  isSkippable: true,
  next: '`cargoparts indexes:create` goes on where it stopped. The release that is live needs none of them.',
  async run(deploy, say) {
    return (await ofRelease(deploy, ['indexes:create'], say)).last
  },
}

/** A command of the release itself, with the environment it will serve with. */
function ofRelease(deploy: Deploy, words: string[], say: (line: string) => void): Promise<Printed> {
  return deploy.target.run(releaseIn(deploy), words, runOf(deploy, say))
}

function commandsOf(deploy: Deploy): Set<string> {
  const file = path.join(releaseIn(deploy).folder, 'oclif.manifest.json')
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as { commands: Record<string, unknown> }
  return new Set(Object.keys(commands))
}
