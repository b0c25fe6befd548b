import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import type { Done } from '../../deploy/carry-out.js'
import type { Plan } from '../../deploy/plan.js'
import type { Paths, Settings } from '../../deploy/supervisor/folder.js'
import { DeployCommand } from '../../deploy-command.js'
import { span } from '../../table.js'

type Given = { artefact: string | undefined; skip: string[]; reason: string | undefined }

export default class DeployIndex extends DeployCommand {
  static override summary = 'Bring a release live without a dropped request, or leave what is live as it is.'
  static override description =
    'Takes an artefact of deploy:pack, by its path or its commit id; without one, checks, builds and packs the checkout ' +
    'here. Stops at the first step that fails, the smoke test after the switch included, and goes back to the release ' +
    'before by itself. Undo a deploy that passed with deploy:rollback.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> cargoparts-0.1.0-3f2a9c1d8e44.tgz',
    '<%= config.bin %> <%= command.id %> 3f2a9c1 --dry-run',
    '<%= config.bin %> <%= command.id %> 3f2a9c1 --skip indexes --reason "built by hand this morning"',
  ]
  static override args = {
    artefact: Args.string({ description: 'a .tgz, or a commit id of what lies in the deploy folder' }),
  }
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Show what would be done, and write nothing.' }),
    skip: Flags.string({
      multiple: true,
      helpValue: 'STEP',
      summary:
        'Leave a step out (checks, artefact, environment, lint, migrate, indexes, health, warm-up, smoke).',
      dependsOn: ['reason'],
    }),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, for the record. --skip needs it.' }),
  }

  async run(): Promise<Done | Plan> {
    const { args, flags } = await this.parse(DeployIndex)
    const { paths, settings } = await this.folder(flags.root)
    const given = {
      artefact: args.artefact,
      skip: flags.skip ?? [],
      reason: flags.reason?.trim() || undefined,
    }
    const deploy = await this.begin(paths, settings, given)
    const { stepsOfDeploy } = await import('../../deploy/steps.js')
    const steps = stepsOfDeploy(deploy.artefact !== null)
    if (flags['dry-run']) {
      const { planOf, planText } = await import('../../deploy/plan.js')
      const plan = await planOf(deploy, steps)
      this.log(planText(plan))
      return plan
    }
    const { carryOut } = await import('../../deploy/carry-out.js')
    try {
      const done = await carryOut(deploy, steps, {
        write: line => this.logToStderr(line),
        isQuiet: this.jsonEnabled(),
      })
      const took = span(new Date(done.startedAt), new Date(done.endedAt))
      const undo = done.previous === null ? '' : ' Undo: `cargoparts deploy:rollback`.'
      this.log(`${done.release} is live, after ${took}.${undo}`)
      return done
    } finally {
      await this.audit(paths)
    }
  }

  private async begin(paths: Paths, settings: Settings, { artefact, skip, reason }: Given) {
    const [{ beginDeploy }, { findArtefact }, { environmentOf }, { SKIPPABLE }, { targetOf }] =
      await Promise.all([
        import('../../deploy/deploy.js'),
        import('../../deploy/artefact.js'),
        import('../../deploy/supervisor/folder.js'),
        import('../../deploy/steps.js'),
        import('../../deploy/targets/index.js'),
      ])
    const unknown = skip.filter(name => !SKIPPABLE.includes(name))
    if (unknown.length > 0) {
      const message = `${unknown.join(', ')} cannot be skipped. What can: ${SKIPPABLE.join(', ')}.`
      throw new AppError('invalid', 'deploy.not_skippable', message)
    }
    if (skip.length > 0 && reason === undefined)
      throw new AppError('invalid', 'deploy.no_reason', '--skip needs a --reason, for the record.')
    return beginDeploy({
      ...{ kind: 'deploy' as const, paths, settings, by: this.by(), reason: reason ?? null },
      target: targetOf(paths, settings, this.env()),
      env: environmentOf(paths, this.env()),
      skipped: new Set(skip),
      signal: this.stopSignal(),
      source: artefact === undefined ? process.cwd() : null,
      artefact: artefact === undefined ? null : await findArtefact(paths, artefact),
    })
  }
}
