import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type { Done } from '../../deploy/carry-out.js'
import { DeployCommand } from '../../deploy-command.js'

export default class DeployRollback extends DeployCommand {
  static override summary = 'Go back to the release before, or to another that is kept here.'
  static override description =
    'Without a dropped request, as a deploy. The schema stays: a release runs on the schema of the one after it, and no ' +
    'migration is undone.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --reason "orders fail for Riyadh"',
    '<%= config.bin %> <%= command.id %> 0.1.0-3f2a9c1d8e44',
  ]
  static override args = {
    release: Args.string({
      description: 'a release of deploy:status, or its commit id; the one before, by default',
    }),
  }
  static override flags = {
    skip: Flags.string({
      multiple: true,
      helpValue: 'STEP',
      summary: 'Leave a step out (environment, health, warm-up, smoke).',
      dependsOn: ['reason'],
    }),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, for the record.' }),
    'dry-run': Flags.boolean({ summary: 'Show what would be done, and write nothing.' }),
  }

  async run(): Promise<Done | import('../../deploy/plan.js').Plan> {
    const { args, flags } = await this.parse(DeployRollback)
    const { paths, settings } = await this.folder(flags.root)
    const [{ beginRollback }, { stepsOfRollback }, { carryOut }] = await Promise.all([
      import('../../deploy/rollback.js'),
      import('../../deploy/steps.js'),
      import('../../deploy/carry-out.js'),
    ])
    const deploy = await beginRollback({
      ...{ paths, settings, by: this.by(), reason: flags.reason?.trim() || null },
      env: this.env(),
      wanted: args.release,
      skipped: new Set(flags.skip ?? []),
      signal: this.stopSignal(),
    })
    if (flags['dry-run']) {
      const { planOf, planText } = await import('../../deploy/plan.js')
      const plan = await planOf(deploy, stepsOfRollback())
      this.log(planText({ ...plan, pendingMigrations: [] }))
      return plan
    }
    try {
      const done = await carryOut(deploy, stepsOfRollback(), {
        write: line => this.logToStderr(line),
        isQuiet: this.jsonEnabled(),
      })
      this.log(`${done.release} is live again. Undo: \`cargoparts deploy:rollback ${done.previous ?? ''}\`.`)
      return done
    } finally {
      await this.audit(paths)
    }
  }
}
