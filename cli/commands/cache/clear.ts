import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'

export default class CacheClear extends BaseCommand {
  static override summary = 'Empty the cache: answers that were kept for speed, and nothing else.'
  static override description =
    'Queues, rate limits, locks and sessions stay. No deploy needs it: each release keeps its own. Safe at any time; ' +
    'answers are slower until they are kept again, so prefer --commit of a release that serves no more.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --commit 3f2a9c1d8e44…',
  ]
  static override flags = {
    commit: Flags.string({ helpValue: 'ID', summary: 'Only what this release kept: its whole commit id.' }),
    'dry-run': Flags.boolean({ summary: 'Count, and remove nothing.' }),
  }

  async run(): Promise<{ removed: number; dryRun: boolean }> {
    const { flags } = await this.parse(CacheClear)
    const { cache } = await this.context()
    const dryRun = flags['dry-run']
    const removed = await (dryRun ? cache.count(flags.commit) : cache.clear(flags.commit))
    this.log(dryRun ? `${removed} answers would be removed.` : `${removed} answers removed.`)
    return { removed, dryRun }
  }
}
