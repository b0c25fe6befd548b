import { uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'
import { printable, printableJson } from '../../terminal-text.js'

export default class WebhooksShow extends BaseCommand {
  static override summary = 'Show an event: what it claims, what became of it, its redacted body.'
  static override examples = ['<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000']
  static override args = { id: uuidArg({ required: true, description: "the event's id" }) }

  async run() {
    const { args } = await this.parse(WebhooksShow)
    const { services } = await this.context()
    const event = await services.webhooks.get(args.id)
    const tries = await services.webhooks.attemptsOf(args.id)
    const order = event.orderId ? await services.orders.get(event.orderId, this.operator()) : undefined
    this.log(`${event.provider} ${printable(`${event.objectId} claims ${event.claimedStatus}`)}
state     ${event.status}${event.outcome ? ` (${event.outcome})` : ''}
order     ${order?.number ?? '-'}
received  ${when(event.receivedAt)}, ${event.deliveries} delivered
tries     ${event.attempts}${event.nextAttemptAt ? `, next ${when(event.nextAttemptAt)}` : ''}
error     ${printable(event.lastError ?? '-')}
${printableJson(event.payload)}`)
    if (tries.length > 0)
      this.log(
        await table(
          ['try', 'by', 'came to', 'began', 'error'],
          tries.map(({ number, cause, outcome, startedAt, error }) => [
            String(number),
            cause,
            outcome,
            when(startedAt),
            error ?? '-',
          ]),
        ),
      )
    const {
      id,
      provider,
      eventKey,
      objectId,
      claimedStatus,
      status,
      outcome,
      orderId,
      deliveries,
      attempts,
      lastError,
      payload,
    } = event
    return {
      id,
      provider,
      eventKey,
      objectId,
      claimedStatus,
      status,
      outcome,
      orderId,
      deliveries,
      attempts,
      lastError,
      payload,
      receivedAt: event.receivedAt.toISOString(),
      tries: tries.map(({ startedAt, endedAt, ...tried }) => ({
        ...tried,
        startedAt: startedAt.toISOString(),
        endedAt: endedAt.toISOString(),
      })),
    }
  }
}
