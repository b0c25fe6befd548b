import * as Flags from '@oclif/core/flags'
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
    const { readConfig } = await import('../../../api/platform/config/index.js')
    const { warnings } = readConfig(await this.ownEnv(), flags.for)
    this.log(`The environment is good for: ${flags.for}.`)
    for (const warning of warnings) this.logToStderr(warning)
    return { ok: true, warnings }
  }
}
