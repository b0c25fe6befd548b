import * as Flags from '@oclif/core/flags'
import { idsIn, reasonFlag, uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

type Closed = { id: string; kind: string; state: 'open' | 'over'; isNews: boolean }

export default class AlertsClose extends BaseCommand {
  static override summary = 'Say that alerts are dealt with.'
  static override description =
    'Everybody who was told hears that it is over, and the audit trail names you. It changes nothing about the trouble itself: where that goes on, the next sighting is a new alert. Safe to repeat.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000 --reason "sent back at Tap, ticket 17"',
  ]
  static override strict = false
  static override args = {
    id: uuidArg({ required: true, description: "the alert's id; several may be given" }),
  }
  static override flags = {
    reason: reasonFlag(),
    'dry-run': Flags.boolean({ summary: 'Say what would be closed, and do nothing.' }),
  }

  async run(): Promise<{ alerts: Closed[]; dryRun: boolean }> {
    const { argv, flags } = await this.parse(AlertsClose)
    const ids = idsIn(argv as string[])
    const { services } = await this.context()
    // a slip in one id closes none
    for (const id of ids) await services.alertDesk.get(id, this.operator())
    const alerts: Closed[] = []
    for (const id of ids) {
      const { alert, isNews } = flags['dry-run']
        ? { alert: await services.alertDesk.get(id, this.operator()), isNews: false }
        : await services.alertDesk.close(id, flags.reason, this.operator())
      const { kind, endedAt } = alert
      alerts.push({ id, kind, state: endedAt ? 'over' : 'open', isNews })
      if (isNews) this.log(`Alert ${id} (${kind}) is closed.`)
      else if (endedAt) this.log(`Alert ${id} (${kind}) is over already: nothing to do.`)
      else this.log(`Alert ${id} (${kind}) would be closed.`)
    }
    return { alerts, dryRun: flags['dry-run'] }
  }
}
