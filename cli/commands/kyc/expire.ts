import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'

export default class KycExpire extends BaseCommand {
  static override summary = 'End the approvals whose time is over. The worker does it every night.'
  static override description =
    'What such a seller has on sale is paused, and back when he is approved again. Safe to repeat; there is nothing to undo but an approval: `kyc:review`.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %>',
  ]
  static override flags = {
    'dry-run': Flags.boolean({ default: false, summary: 'Say whose; change nothing.' }),
  }

  async run() {
    const { flags } = await this.parse(KycExpire)
    const { services } = await this.context()
    const [{ table }, { bothCalendars }] = await Promise.all([
      import('../../table.js'),
      import('../../kyc/show.js'),
    ])
    const due = await services.kycCalendar.due()
    const rows = await Promise.all(
      due.map(async one => [one.id, one.crNumber, one.tradeName, await bothCalendars(one.verifiedUntil)]),
    )
    this.log(rows.length === 0 ? 'Nobody.' : await table(['seller', 'CR', 'name', 'approved until'], rows))
    const dryRun = flags['dry-run']
    const expired = dryRun ? 0 : await services.kycCalendar.expire()
    this.log(dryRun ? `${due.length} would expire.` : `${expired} expired.`)
    return {
      dryRun,
      due: due.map(({ id, crNumber, verifiedUntil }) => ({ id, crNumber, verifiedUntil })),
      expired,
    }
  }
}
