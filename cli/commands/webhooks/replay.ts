import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import { rangeFlags, rangeOf } from '../../event-range.js'
import { EXIT } from '../../exit-codes.js'
import { table } from '../../table.js'

export default class WebhooksReplay extends BaseCommand {
  static override summary = 'Run events that had their effect again, over a time.'
  static override description =
    'Each object is read anew from its provider, and what our books had missed is made good. What is so already stays so: nothing is paid, sent or told twice. Exit 5 where an event could not be run.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 2026-03-01T09:00+03:00 --until 2026-03-01T10:00+03:00 --dry-run',
    '<%= config.bin %> <%= command.id %> --provider tap --since 2h',
  ]
  static override flags = rangeFlags

  async run() {
    const { flags } = await this.parse(WebhooksReplay)
    if (flags.since === undefined)
      throw new AppError('invalid', 'cli.since_when', 'Say since when with --since.')
    const { services } = await this.context()
    const ids = await services.webhooks.processedIn(await rangeOf(flags))
    if (flags['dry-run'] || ids.length === 0) {
      this.log(
        ids.length === 0 ? 'No event had its effect in this time.' : `${ids.length} would be run again.`,
      )
      return { found: ids.length, outcomes: {}, failed: [], dryRun: flags['dry-run'] }
    }
    const { paced } = await import('../../pace.js')
    const outcomes: Record<string, number> = {}
    const failed: { id: string; error: string }[] = []
    await paced(ids, flags.rate, 'events', async id => {
      try {
        const { outcome } = await services.webhooks.replay(id)
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      } catch (error) {
        failed.push({ id, error: error instanceof AppError ? error.message : String(error) })
      }
    })
    await services.webhooks.noteRun('webhooks_replayed', this.operator(), {
      found: ids.length,
      outcomes,
      failed: failed.length,
    })
    this.log(
      await table(
        ['came to', 'events'],
        [...Object.entries(outcomes), ['failed', failed.length] as const].map(([name, count]) => [
          name,
          String(count),
        ]),
      ),
    )
    for (const { id, error } of failed) this.log(`${id}: ${error}`)
    if (failed.length > 0) process.exitCode = EXIT.invalid
    return { found: ids.length, outcomes, failed, dryRun: false }
  }
}
