import * as Flags from '@oclif/core/flags'
import { orderReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'
import { wholeNumber } from '../../whole-number.js'

const STATUSES = ['received', 'processing', 'processed', 'failed', 'dead'] as const

export default class WebhooksList extends BaseCommand {
  static override summary = "List the payment providers' events, newest first."
  static override examples = [
    '<%= config.bin %> <%= command.id %> --status failed --since 24h',
    '<%= config.bin %> <%= command.id %> --order CP-1000001 --json',
  ]
  static override flags = {
    provider: Flags.string({ helpValue: 'NAME', summary: 'Of this provider only.' }),
    status: Flags.option({ options: STATUSES })({ summary: 'In this state only.' }),
    since: Flags.string({
      helpValue: 'TIME',
      summary: 'Received since: 24h, 7d, a day (Riyadh) or an instant.',
    }),
    order: Flags.string({
      helpValue: 'ORDER',
      summary: 'That touched this order (id or number).',
      parse: orderReference,
    }),
    limit: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many.' }),
  }

  async run() {
    const { flags } = await this.parse(WebhooksList)
    const { instantOf } = await import('../../since.js')
    const { services } = await this.context()
    const order = flags.order ? (await services.orders.get(flags.order, this.operator())).id : undefined
    const since = flags.since ? instantOf(flags.since) : undefined
    const events = await services.webhooks.list({
      provider: flags.provider,
      status: flags.status,
      since,
      order,
      limit: flags.limit,
    })
    const rows = events.map(event => [
      event.id,
      event.provider,
      event.objectId,
      event.claimedStatus,
      event.status,
      event.outcome ?? '-',
      String(event.attempts),
      when(event.receivedAt),
    ])
    this.log(
      rows.length === 0
        ? 'No events.'
        : await table(['id', 'provider', 'object', 'claims', 'state', 'outcome', 'tries', 'received'], rows),
    )
    return {
      events: events.map(
        ({
          id,
          provider,
          objectId,
          claimedStatus,
          status,
          outcome,
          orderId,
          attempts,
          deliveries,
          receivedAt,
        }) => ({
          id,
          provider,
          objectId,
          claimedStatus,
          status,
          outcome,
          orderId,
          attempts,
          deliveries,
          receivedAt: receivedAt.toISOString(),
        }),
      ),
    }
  }
}
