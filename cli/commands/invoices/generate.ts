import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { orderReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import { progressBar } from '../../progress.js'
import { table } from '../../table.js'

type Failed = { order: string; error: string }

export default class InvoicesGenerate extends BaseCommand {
  static override summary = 'Write the tax documents that are missing.'
  static override description =
    'Of one order, or of all with --all: paid orders without a document, refunds without a credit note, and documents without XML whose seller has an address by now. What is there stays as it is, so it may be repeated. Exit 5 where one could not be written; the others are.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> CP-1000001',
    '<%= config.bin %> <%= command.id %> --all --dry-run',
  ]
  static override args = {
    order: Args.string({ description: 'id or number of an order', parse: orderReference }),
  }
  static override flags = {
    all: Flags.boolean({ default: false, summary: 'All that are missing.' }),
    'dry-run': Flags.boolean({ default: false, summary: 'Say what is missing; write nothing.' }),
  }

  async run() {
    const { args, flags } = await this.parse(InvoicesGenerate)
    if (Boolean(args.order) === flags.all)
      throw new AppError('invalid', 'cli.order_or_all', 'Name an order, or say --all.')
    const { services } = await this.context()
    const order = args.order ? await services.orders.get(args.order, this.operator()) : undefined
    const lacking = await services.invoices.lacking(order?.id)
    if (flags['dry-run']) {
      const rows = lacking.map(each => [each.orderNumber, what(each)])
      this.log(rows.length === 0 ? 'Nothing is missing.' : await table(['order', 'missing'], rows))
      return { missing: lacking.length, written: [], failed: [] }
    }
    const written: string[] = []
    const failed: Failed[] = []
    const progress = progressBar(lacking.length, 'documents')
    for (const [index, each] of lacking.entries()) {
      try {
        const invoice = await services.invoices.generate(each)
        if (invoice) written.push(invoice.number)
      } catch (error) {
        // the next may be writable; a database that is away is not about this document
        if (!(error instanceof AppError) || error.kind === 'unavailable') throw error
        failed.push({ order: each.orderNumber, error: error.message })
      }
      progress.at(index + 1)
    }
    progress.end()
    this.log(
      lacking.length === 0 ? 'Nothing is missing.' : `${written.length} written, ${failed.length} failed.`,
    )
    if (failed.length > 0) {
      this.log(
        await table(
          ['order', 'why not'],
          failed.map(({ order: number, error }) => [number, error]),
        ),
      )
      process.exitCode = EXIT.invalid
    }
    return { missing: lacking.length, written, failed }
  }
}

const what = (each: { refundId: string | null; invoiceId: string | null }): string =>
  each.invoiceId ? 'XML' : each.refundId ? 'credit note' : 'invoice'
