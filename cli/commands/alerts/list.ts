import * as Flags from '@oclif/core/flags'
import type { Alert } from '../../../api/modules/alerts/alert.js'
import { ALERT_KINDS } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { fromNow, table, when } from '../../table.js'
import { wholeNumber } from '../../whole-number.js'

const STATES = ['open', 'over', 'all'] as const

export default class AlertsList extends BaseCommand {
  static override summary =
    'List what a person must look at: the critical ones first, then what was seen last.'
  static override description =
    'Each trouble is one alert however often it is seen, until it is over by itself or closed (`alerts:close`). --json has the ids it is about.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --kind refund_failed --json',
    '<%= config.bin %> <%= command.id %> --state all --since 7d --limit 100',
  ]
  static override flags = {
    state: Flags.option({ options: STATES, default: 'open' as const })({ summary: 'In this state.' }),
    kind: Flags.option({ options: ALERT_KINDS })({ helpValue: 'KIND', summary: 'Of this kind only.' }),
    since: Flags.string({
      helpValue: 'TIME',
      summary: 'Seen since: 24h, 7d, a day (Riyadh) or an instant.',
    }),
    limit: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many.' }),
  }

  async run() {
    const { flags } = await this.parse(AlertsList)
    const { instantOf } = await import('../../since.js')
    const since = flags.since ? instantOf(flags.since) : undefined
    const { services } = await this.context()
    const { presentAlert } = await import('../../../api/modules/alerts/alert-presenter.js')
    const { state, kind, limit } = flags
    const alerts = await services.alertDesk.list({ state, kind, since, limit }, this.operator())
    this.log(alerts.length === 0 ? `No alerts${state === 'open' ? ' are open' : ''}.` : await shown(alerts))
    return { alerts: alerts.map(presentAlert) }
  }
}

/** For a pipe a column each; for a person what fits a line of a narrow terminal. */
function shown(alerts: readonly Alert[]): Promise<string> {
  const state = ({ endedAt, severity }: Alert) => (endedAt ? 'over' : severity)
  if (process.stdout.isTTY)
    return table(
      ['id', 'seen', 'what'],
      alerts.map(alert => [
        alert.id,
        fromNow(alert.lastAt),
        `${state(alert)}${alert.times > 1 ? `, ${alert.times} times` : ''}: ${alert.summary}`,
      ]),
    )
  return table(
    ['id', 'state', 'kind', 'times', 'first', 'last', 'what'],
    alerts.map(alert => [
      alert.id,
      state(alert),
      alert.kind,
      String(alert.times),
      when(alert.firstAt),
      when(alert.lastAt),
      alert.summary,
    ]),
  )
}
