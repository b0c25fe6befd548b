import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

export default class EnvCheck extends BaseCommand {
  static override summary =
    "Check this environment's variables for a process, and name every problem at once."
  static override description = 'Values are never shown. Exit 5 when something is wrong.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --for worker',
  ]
  static override flags = {
    for: Flags.option({ options: ['api', 'worker', 'command', 'database'] as const })({
      default: 'api',
      summary: 'Which process would start.',
    }),
  }

  async run(): Promise<{ ok: true; warnings: string[] }> {
    const { flags } = await this.parse(EnvCheck)
    const { checkConfig } = await import('../../../api/platform/config/index.js')
    const { config, problems } = checkConfig(this.env(), flags.for)
    if (!config) {
      const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`)
      throw new AppError(
        'invalid',
        'config.invalid',
        `This environment has ${problems.length} problem(s):\n${lines.join('\n')}`,
        {
          errors: problems.map(({ name, problem }) => ({ pointer: name, detail: problem })),
        },
      )
    }
    this.log(`The environment is good for: ${flags.for}.`)
    for (const warning of config.warnings) this.logToStderr(warning)
    return { ok: true, warnings: config.warnings }
  }
}
