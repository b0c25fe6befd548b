import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

export default class WebhooksSimulate extends BaseCommand {
  static override summary = 'Send a made-up delivery, proven as the provider proves its own, to a URL.'
  static override description =
    'Under test keys only. A delivery is a hint: the worker asks the provider about the object before anything changes, so a made-up one changes nothing that the provider does not say too.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> tap charge.captured',
    '<%= config.bin %> <%= command.id %> hyperpay payment.captured --payment 01970000-0000-7000-8000-000000000000',
    '<%= config.bin %> <%= command.id %> hyperpay test --url https://staging.example.sa/api/v1/webhooks/hyperpay',
    '<%= config.bin %> <%= command.id %> tap charge.declined --print > delivery.http',
  ]
  static override args = {
    provider: Args.string({ required: true, description: 'tap or hyperpay' }),
    event: Args.string({ required: true, description: 'what it tells of; a wrong one lists them' }),
  }
  static override flags = {
    url: Flags.string({ helpValue: 'URL', summary: 'Where to; the running system when left out.' }),
    payment: Flags.string({ helpValue: 'ID', summary: 'About this payment of ours.' }),
    print: Flags.boolean({ summary: 'Print it instead of sending it.' }),
  }

  async run() {
    const { args, flags } = await this.parse(WebhooksSimulate)
    const { services } = await this.context()
    const { headers, body } = await services.webhooks.sample(args.provider, args.event, flags.payment)
    if (flags.print) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      if (!this.jsonEnabled()) process.stdout.write(`${lines.join('\n')}\n\n${body}`)
      return { url: null, status: null, headers, body }
    }
    const url = flags.url ?? `${await this.baseUrl()}/api/v1/webhooks/${args.provider}`
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new AppError('invalid', 'cli.bad_url', `${url} is not an address such as https://api.example.sa.`)
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    }).catch(cause => {
      throw new AppError('unavailable', 'cli.no_answer', `${url} does not answer.`, { url }, { cause })
    })
    await answer.body?.cancel()
    this.log(`${args.provider} ${args.event} → ${url}: ${answer.status}`)
    if (!answer.ok)
      throw new AppError('conflict', 'webhooks.not_taken', `${url} answered ${answer.status}.`, {
        status: answer.status,
      })
    return { url, status: answer.status, headers, body }
  }
}
