import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type { Summary } from '../../../api/modules/listings/import/import-presenter.js'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import type { Imported } from '../../listings-csv.js'

type Result = { seller: string; dryRun: boolean; rows: number; summary: Summary; report: string | null }

export default class ListingsImport extends BaseCommand {
  static override summary = "Create and change a seller's listings from a CSV file. Exit 5 when rows failed."
  static override description =
    "The seller's own number (sku) is the key: a row is a change where it is known, a new listing otherwise. May be repeated: what is as the file says stays untouched. docs/listings-csv.md has the columns."
  static override examples = [
    '<%= config.bin %> <%= command.id %> stock.csv --seller 1010123456 --dry-run',
    '<%= config.bin %> <%= command.id %> stock.csv --seller 1010123456 --report report.csv',
  ]
  static override args = {
    file: Args.string({ required: true, description: 'A CSV file in UTF-8.' }),
  }
  static override flags = {
    seller: Flags.string({
      required: true,
      helpValue: 'SELLER',
      summary: 'Whose listings they are: a CR number or an id.',
      parse: sellerReference,
    }),
    mode: Flags.option({
      options: ['rows', 'chunks'] as const,
      default: 'rows',
      summary: 'Write good rows beside bad ones; or of each 500 all or none.',
    })(),
    'dry-run': Flags.boolean({ default: false, summary: 'Say what would happen; write nothing.' }),
    report: Flags.string({ helpValue: 'FILE', summary: 'Write what became of each row to this CSV file.' }),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ListingsImport)
    const { importFile } = await import('../../listings-csv.js')
    const { services } = await this.context()
    const { seller, mode, 'dry-run': dryRun, report } = flags
    let done = 0
    const imported = await importFile(services.imports, {
      file: args.file,
      report,
      options: { mode, dryRun, seller, locale: 'en' },
      actor: this.operator(),
      progress: (rows, all) => {
        done = rows
        this.showProgress(rows, all)
      },
    }).catch(error => {
      if (done > 0) this.logToStderr(`Stopped after ${done} rows. Repeat it: they will be found unchanged.`)
      throw error
    })
    await this.show(imported, dryRun)
    if (imported.summary.failed > 0) process.exitCode = EXIT.invalid
    const { sellerId, rows, summary } = imported
    return { seller: sellerId, dryRun, rows, summary, report: report ?? null }
  }

  private showProgress(done: number, all: number): void {
    if (!process.stderr.isTTY) return
    process.stderr.write(`\r${done} of ${all} rows${done === all ? '\n' : ''}`)
  }

  private async show({ summary, failed }: Imported, dryRun: boolean): Promise<void> {
    if (this.jsonEnabled()) return
    const [{ table }, { errorsOf }] = await Promise.all([
      import('../../table.js'),
      import('../../listings-csv.js'),
    ])
    const counts = Object.entries(summary).map(([outcome, rows]) => [outcome, String(rows)])
    this.log(await table([dryRun ? 'would be' : 'rows', 'number'], counts))
    if (failed.length === 0) return
    const head = ['row', 'sku', 'errors']
    this.log(
      await table(
        head,
        failed.map(row => [String(row.row), row.sku, errorsOf(row)]),
      ),
    )
    const more = summary.failed - failed.length
    if (more > 0) this.log(`and ${more} more: --report FILE has them all`)
  }
}
