import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { idsIn, uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { rangeFlags, rangeOf } from '../../event-range.js'

const STATES = ['failed', 'dead', 'held', 'left'] as const

export default class WebhooksRetry extends BaseCommand {
  static override summary =
    'Put events that failed, died, were held for review or were left by a crash back to work.'
  static override description =
    'Safe to repeat, to interrupt and to run twice at once: an event that had its effect stays as it is, and one event has one effect. The worker takes them up; `webhooks:show` tells how one went.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000',
    '<%= config.bin %> <%= command.id %> --status dead --since 24h --dry-run',
    '<%= config.bin %> <%= command.id %> --status failed --provider hyperpay --since 7d --rate 5',
  ]
  static override strict = false
  static override args = { id: uuidArg({ description: "the event's id; several may be given" }) }
  static override flags = {
    status: Flags.option({ options: STATES })({ summary: 'All that stand so, instead of single ones.' }),
    ...rangeFlags,
  }

  async run() {
    const { argv, flags } = await this.parse(WebhooksRetry)
    const ids = argv as string[]
    if ((ids.length === 0) === (flags.status === undefined))
      throw new AppError(
        'invalid',
        'cli.which_events',
        'Name events by their ids, or all of a state with --status.',
      )
    return flags.status ? this.retryAll(flags.status, flags) : this.retryThese(ids, flags['dry-run'])
  }

  private async retryThese(given: string[], dryRun: boolean) {
    const ids = idsIn(given)
    const { services } = await this.context()
    const events: { id: string; status: string }[] = []
    for (const each of ids) {
      const { id, status } = dryRun
        ? await services.webhooks.get(each)
        : await services.webhooks.retry(each, this.operator())
      events.push({ id, status })
      this.log(
        !dryRun && status === 'received'
          ? `Event ${id} will be tried again.`
          : `Event ${id} is ${status}${dryRun ? '.' : ': nothing to do.'}`,
      )
    }
    return events.length === 1 && events[0] ? events[0] : { events }
  }

  private async retryAll(
    status: (typeof STATES)[number],
    flags: Parameters<typeof rangeOf>[0] & { rate: number; 'dry-run': boolean },
  ) {
    const { services } = await this.context()
    const ids = await services.webhooks.stuck(status, await rangeOf(flags))
    const found = { status, found: ids.length, retried: 0, dryRun: flags['dry-run'] }
    if (flags['dry-run'] || ids.length === 0) {
      this.log(ids.length === 0 ? `No event is ${status}.` : `${ids.length} would be tried again.`)
      return found
    }
    const { paced } = await import('../../pace.js')
    let retried = 0
    await paced(ids, flags.rate, 'events', async id => {
      const after = await services.webhooks.retry(id, this.operator())
      if (after.status === 'received') retried += 1
    })
    await services.webhooks.noteRun('webhooks_retried', this.operator(), {
      status,
      found: ids.length,
      retried,
    })
    this.log(`${retried} of ${ids.length} events will be tried again.`)
    return { ...found, retried }
  }
}
