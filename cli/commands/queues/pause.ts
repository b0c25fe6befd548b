import { queueArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class QueuesPause extends BaseCommand {
  static override summary = 'Let nothing of a queue begin, on any worker, until it is resumed.'
  static override description =
    'What runs is finished; what comes meanwhile is kept in the outbox. Outlasts restarts, of Redis too. Undo with `queues:resume`.'
  static override examples = ['<%= config.bin %> <%= command.id %> email']
  static override args = { queue: queueArg({ required: true }) }

  async run(): Promise<{ queue: string; paused: true; changed: boolean }> {
    const { args } = await this.parse(QueuesPause)
    const { services } = await this.context()
    const changed = await services.jobs.pause(args.queue, this.operator())
    this.log(changed ? `${args.queue} is paused.` : `${args.queue} was paused already.`)
    return { queue: args.queue, paused: true, changed }
  }
}
