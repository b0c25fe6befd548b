import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

export default class InvoicesExport extends BaseCommand {
  static override summary = 'Export the tax documents of a time as CSV.'
  static override description =
    'To stdout, or to a file with --output. Days are days in Riyadh. Memory stays flat however many there are.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 2026-01-01 --until 2026-04-01 --output q1.csv',
    '<%= config.bin %> <%= command.id %> --since 7d | column -s, -t',
  ]
  static override flags = {
    since: Flags.string({ helpValue: 'TIME', summary: 'Issued since: 7d, a day (Riyadh) or an instant.' }),
    until: Flags.string({ helpValue: 'TIME', summary: 'Issued before.' }),
    output: Flags.string({
      char: 'o',
      helpValue: 'FILE',
      summary: 'Write to this file; replaced in one step when complete.',
    }),
    excel: Flags.boolean({ summary: 'Begin with a byte order mark, so that Excel reads the Arabic.' }),
  }

  async run(): Promise<{ rows: number; file: string | null }> {
    const { flags } = await this.parse(InvoicesExport)
    if (this.jsonEnabled() && !flags.output) {
      throw new AppError(
        'invalid',
        'cli.output_needed',
        'With --json the CSV needs a place of its own: add --output FILE.',
      )
    }
    const [{ instantOf }, { exportCsv }] = await Promise.all([
      import('../../since.js'),
      import('../../invoices-csv.js'),
    ])
    const { services } = await this.context()
    const between = {
      since: flags.since ? instantOf(flags.since) : undefined,
      until: flags.until ? instantOf(flags.until) : undefined,
    }
    const rows = await exportCsv(services.invoices, between, { file: flags.output, excel: flags.excel })
    this.logToStderr(
      `${rows} ${rows === 1 ? 'document' : 'documents'} exported${flags.output ? ` to ${flags.output}` : ''}.`,
    )
    return { rows, file: flags.output ?? null }
  }
}
