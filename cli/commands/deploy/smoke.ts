import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import type { SmokeReport } from '../../deploy/smoke.js'

export default class DeploySmoke extends BaseCommand {
  static override summary =
    'Ask a running system what a client would, reading only. Exit 7 where an answer is wrong.'
  static override description = 'The same that a deploy asks after its switch. `npm run test:smoke` is this.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --url https://api.example.sa --commit 3f2a9c1d8e44…',
  ]
  static override flags = {
    url: Flags.string({ helpValue: 'URL', summary: "The API's address; the running system's by default." }),
    commit: Flags.string({
      helpValue: 'ID',
      summary: 'Also whether only this release answers: its whole commit id.',
    }),
  }

  async run(): Promise<SmokeReport> {
    const { flags } = await this.parse(DeploySmoke)
    const url = await this.baseUrl(flags.url)
    const { smoke } = await import('../../deploy/smoke.js')
    const report = await smoke({ url }, flags.commit)
    for (const name of report.passed) this.log(`  ✓ ${name}`)
    if (report.failed.length === 0) return report
    const lines = report.failed.map(({ name, found }) => `  ✗ ${name}: ${found}`)
    throw new AppError(
      'unavailable',
      'deploy.smoke_failed',
      `${url} failed the smoke test:\n${lines.join('\n')}`,
      report,
    )
  }
}
