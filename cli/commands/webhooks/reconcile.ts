import * as Flags from '@oclif/core/flags'
import type { Difference } from '../../../api/modules/payments/payment-reconciliation.js'
import { BaseCommand } from '../../base-command.js'
import { EXIT } from '../../exit-codes.js'
import { table } from '../../table.js'

export default class WebhooksReconcile extends BaseCommand {
  static override summary =
    'Ask the providers about payments and refunds, and list what they tell otherwise than our books.'
  static override description =
    'With --apply what the provider says is brought in, by the same rules as its events: safe to repeat. Exit 5 while something differs that was not repaired. Money that was taken a second time under one payment goes back by that. Money the provider took under no payment of ours is listed, and needs a person.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 24h',
    '<%= config.bin %> <%= command.id %> --since 2026-03-01 --apply',
  ]
  static override flags = {
    since: Flags.string({
      required: true,
      helpValue: 'TIME',
      summary: 'Begun since: 24h, 7d, a day (Riyadh) or an instant.',
    }),
    apply: Flags.boolean({ summary: 'Repair what can be repaired.' }),
  }

  async run() {
    const { flags } = await this.parse(WebhooksReconcile)
    const [{ instantOf }, { progressBar }] = await Promise.all([
      import('../../since.js'),
      import('../../progress.js'),
    ])
    const { services } = await this.context()
    let bar: ReturnType<typeof progressBar> | undefined
    const { looked, differences } = await services.payments
      .reconcile(
        {
          since: instantOf(flags.since),
          apply: flags.apply,
          progress: (at, all) => {
            bar ??= progressBar(all, 'asked about')
            bar.at(at)
          },
        },
        this.operator(),
      )
      .finally(() => bar?.end())
    const left = differences.filter(({ repaired }) => repaired !== 'applied' && repaired !== 'given_up')
    if (differences.length > 0) this.log(await shown(differences))
    this.log(
      `${looked} asked about, ${differences.length} told otherwise${
        flags.apply ? `, ${differences.length - left.length} repaired` : ''
      }.`,
    )
    if (left.length > 0) process.exitCode = EXIT.invalid
    return { looked, differences, apply: flags.apply }
  }
}

/** For a pipe a column each; for a person what fits a line of a narrow terminal. */
function shown(differences: readonly Difference[]): Promise<string> {
  if (process.stdout.isTTY)
    return table(
      ['what', 'id', 'difference'],
      differences.map(({ kind, id, provider, externalId, ours, theirs, repaired }) => [
        kind,
        id,
        [
          `ours ${ours}`,
          `${provider} ${theirs}`,
          ...(kind === 'second_capture' ? [String(externalId)] : []),
          ...(repaired ? [`now ${repaired}`] : []),
        ].join(', '),
      ]),
    )
  return table(
    ['what', 'id', 'provider', 'ours', 'theirs', 'repaired', 'their id'],
    differences.map(({ kind, id, provider, externalId, ours, theirs, repaired }) => [
      ...[kind, id, provider, ours, theirs],
      ...[repaired ?? '-', externalId ?? '-'],
    ]),
  )
}
