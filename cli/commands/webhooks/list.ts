import * as Flags from '@oclif/core/flags'
import type { WebhookEvent } from '../../../api/modules/webhooks/webhook-event.js'
import { orderReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { fromNow, table, when } from '../../table.js'
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
    const refused = await services.webhooks.refusedSince(
      since ?? new Date(Date.now() - 86_400_000),
      flags.provider,
    )
    this.log(events.length === 0 ? 'No events.' : await shown(events))
    for (const { provider, count, lastAt } of refused)
      this.logToStderr(
        `${provider}: ${count} not proven and refused in ${flags.since ? 'this time' : 'the last 24 hours'}, the last ${when(lastAt)}.`,
      )
    return {
      refused: refused.map(({ lastAt, ...rest }) => ({ ...rest, lastAt: lastAt.toISOString() })),
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

/** For a pipe a column each; for a person what fits a line: `webhooks:show` has the rest. */
function shown(events: readonly WebhookEvent[]): Promise<string> {
  if (process.stdout.isTTY)
    return table(
      ['id', 'event', 'received'],
      events.map(({ id, provider, claimedStatus, status, outcome, attempts, receivedAt }) => [
        id,
        `${provider} ${claimedStatus.slice(0, 20)}: ${(status === 'processed' && outcome) || status}${
          attempts > 1 ? `, ${attempts} tries` : ''
        }`,
        fromNow(receivedAt),
      ]),
    )
  return table(
    ['id', 'provider', 'object', 'claims', 'state', 'outcome', 'tries', 'received'],
    events.map(event => [
      event.id,
      event.provider,
      event.objectId,
      event.claimedStatus,
      event.status,
      event.outcome ?? '-',
      String(event.attempts),
      when(event.receivedAt),
    ]),
  )
}
