import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type { BackfillProgress, BackfillState } from '../../../api/platform/backfills/run.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'

export default class DbBackfill extends BaseCommand {
  static override summary =
    'Change rows that are there already: in batches, resting between them. Without a name: which there are.'
  static override description =
    'May be interrupted in whatever way, and goes on where it was. A batch that takes longer than half a second halves the next. One at a time (exit 4).'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> audit_log_user --pause 500',
  ]
  static override args = { name: Args.string({ description: 'one of the declared backfills' }) }
  static override flags = {
    batch: Flags.integer({
      default: 1000,
      min: 1,
      max: 100_000,
      helpValue: 'ROWS',
      summary: 'Rows at a time.',
    }),
    pause: Flags.integer({
      default: 100,
      min: 0,
      max: 60_000,
      helpValue: 'MS',
      summary: 'Rest after each batch, at least as long as the batch took; 0: none.',
    }),
    again: Flags.boolean({ summary: 'From the beginning, although it was finished.' }),
  }

  async run(): Promise<BackfillState[] | (BackfillProgress & { name: string })> {
    const { args, flags } = await this.parse(DbBackfill)
    const { ownerUrl } = await this.databaseConfig()
    const { backfill, backfillStates } = await import('../../../api/platform/backfills/run.js')
    if (args.name === undefined) {
      const states = await backfillStates(ownerUrl)
      const rows = states.map(({ name, state, changed, finishedAt, why }) => [
        name,
        state,
        changed.toLocaleString('en'),
        when(finishedAt),
        why,
      ])
      this.log(await table(['backfill', 'state', 'changed', 'finished', 'why'], rows))
      return states
    }
    const [{ interruption }, { progressBar }] = await Promise.all([
      import('../../interrupting.js'),
      import('../../progress.js'),
    ])
    const stop = interruption('Interrupted: run it again to go on where it is.')
    let bar: ReturnType<typeof progressBar> | undefined
    try {
      const done = await backfill(ownerUrl, args.name, {
        batch: flags.batch,
        pauseMs: flags.pause,
        again: flags.again,
        signal: stop.signal,
        onProgress: ({ seen, total }) => {
          bar ??= progressBar(Math.max(1, total), 'rows')
          bar.at(Math.min(seen, Math.max(1, total)))
        },
      })
      bar?.end()
      this.log(
        `${done.seen.toLocaleString('en')} rows looked at, ${done.changed.toLocaleString('en')} changed.`,
      )
      return { name: args.name, ...done }
    } finally {
      bar?.end()
      stop.end()
    }
  }
}
