import { uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class WebhooksRetry extends BaseCommand {
  static override summary = 'Put an event that failed, died or was held for review back to work.'
  static override description =
    'Safe to repeat: an event that had its effect stays as it is, and one event has one effect. The worker takes it up; `webhooks:show` tells how it went.'
  static override examples = ['<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000']
  static override args = { id: uuidArg({ required: true, description: "the event's id" }) }

  async run(): Promise<{ id: string; status: string }> {
    const { args } = await this.parse(WebhooksRetry)
    const { services } = await this.context()
    const { id, status } = await services.webhooks.retry(args.id, this.operator())
    this.log(
      status === 'received' ? `Event ${id} will be tried again.` : `Event ${id} is ${status}: nothing to do.`,
    )
    return { id, status }
  }
}
