import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../base-command.js'
import { wholeNumber } from '../../whole-number.js'

const STATUSES = ['DRAFT', 'SUBMITTED', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'EXPIRED', 'SUSPENDED'] as const

export default class KycList extends BaseCommand {
  static override summary = 'List what waits for an officer; with --status, sellers in that state.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status EXPIRED --json',
  ]
  static override flags = {
    status: Flags.option({ options: STATUSES })({ summary: 'Sellers in this state, newest first.' }),
    limit: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many.' }),
  }

  async run() {
    const { flags } = await this.parse(KycList)
    return flags.status ? this.sellers(flags.status, flags.limit) : this.waiting(flags.limit)
  }

  private async sellers(status: (typeof STATUSES)[number], limit: number) {
    const { services } = await this.context()
    const [{ table }, { bothCalendars }] = await Promise.all([
      import('../../table.js'),
      import('../../kyc/show.js'),
    ])
    const sellers = await services.sellers.list({ status, limit })
    const rows = await Promise.all(
      sellers.map(async one => [
        one.id,
        one.crNumber,
        one.tradeName,
        one.status,
        await bothCalendars(one.verifiedUntil),
      ]),
    )
    this.log(
      rows.length === 0 ? 'None.' : await table(['seller', 'CR', 'name', 'state', 'approved until'], rows),
    )
    return {
      sellers: sellers.map(({ id, crNumber, tradeName, status, verifiedUntil }) => ({
        ...{ id, crNumber, tradeName, status, verifiedUntil },
      })),
    }
  }

  private async waiting(limit: number) {
    const { services } = await this.context()
    const [{ table, when }, { presentQueued, presentWaiting }] = await Promise.all([
      import('../../table.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
    ])
    const { items } = await services.kycQueue.page({ limit }, this.operator())
    const accounts = await services.bankAccounts.waiting(limit, this.operator())
    const rows = items.map(one => [
      one.sellerId,
      one.crNumber,
      one.tradeName,
      one.kind,
      one.status,
      when(one.submittedAt),
      one.reviewer ?? '-',
    ])
    const head = ['seller', 'CR', 'name', 'case', 'state', 'handed in', 'with']
    this.log(rows.length === 0 ? 'No cases wait.' : await table(head, rows))
    if (accounts.length > 0) {
      const asked = accounts.map(one => [
        one.sellerId,
        one.ibanHint,
        one.holderName,
        one.requestedBy,
        when(one.requestedAt),
      ])
      this.log(await table(['seller', 'account asked for', 'holder', 'by', 'at'], asked))
    }
    return { cases: items.map(presentQueued), accounts: accounts.map(presentWaiting) }
  }
}
