import { queueArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class QueuesResume extends BaseCommand {
  static override summary = 'Let the work of a paused queue begin again.'
  static override examples = ['<%= config.bin %> <%= command.id %> email']
  static override args = { queue: queueArg({ required: true }) }

  async run(): Promise<{ queue: string; paused: false; changed: boolean }> {
    const { args } = await this.parse(QueuesResume)
    const { services } = await this.context()
    const changed = await services.jobs.resume(args.queue, this.operator())
    this.log(changed ? `${args.queue} goes on.` : `${args.queue} was not paused.`)
    return { queue: args.queue, paused: false, changed }
  }
}
