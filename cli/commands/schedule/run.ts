import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../base-command.js'

export default class ScheduleRun extends BaseCommand {
  static override summary = 'Do recurring work now, in this process, whatever the clock says.'
  static override description =
    'Under the same lock as a worker: exit 4 where it is at work already. Needs what the work needs (such as TAP_SECRET_KEY for payments). `schedule:list` names what there is.'
  static override examples = ['<%= config.bin %> <%= command.id %> expire-holds']
  static override args = { name: Args.string({ required: true, description: 'its name' }) }

  async run(): Promise<{ name: string; dealtWith: number }> {
    const { args } = await this.parse(ScheduleRun)
    const { services } = await this.context()
    const { recurringOf } = await import('../../../api/jobs.js')
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
    const done = await services.jobs.runNow(recurringOf(services), args.name, this.operator(), stop.signal)
    this.log(`${done.name}: ${done.dealtWith} dealt with.`)
    return done
  }
}
