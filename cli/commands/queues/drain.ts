import * as Flags from '@oclif/core/flags'
import { queueArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { counted } from '../../table.js'

export default class QueuesDrain extends BaseCommand {
  static override summary = 'Take everything out of a queue that has not begun.'
  static override description =
    'It stands failed ("drained by …") and is not deleted: undo with `outbox:retry --queue NAME`. What runs is finished.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> analytics --dry-run',
    '<%= config.bin %> <%= command.id %> analytics --confirm analytics',
  ]
  static override args = { queue: queueArg({ required: true }) }
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say how many it would be, and change nothing.' }),
    confirm: Flags.string({ helpValue: 'NAME', summary: "Skip the prompt by repeating the queue's name." }),
  }

  async run(): Promise<{ queue: string; drained: number; dryRun: boolean }> {
    const { args, flags } = await this.parse(QueuesDrain)
    const { services } = await this.context()
    const waiting = await services.jobs.countWaiting(args.queue)
    if (flags['dry-run']) {
      this.log(`${counted(waiting, 'job')} of ${args.queue} would be taken out.`)
      return { queue: args.queue, drained: waiting, dryRun: true }
    }
    const { confirmByTyping } = await import('../../confirm.js')
    const warning = `${counted(waiting, 'job')} of ${args.queue} will be taken out, and not be done until put back.`
    await confirmByTyping(args.queue, flags.confirm, warning)
    const drained = await this.alone(`queues:drain:${args.queue}`, () =>
      services.jobs.drain(args.queue, this.operator()),
    )
    this.log(
      `Taken out of ${args.queue}: ${counted(drained, 'job')}. \`outbox:retry --queue ${args.queue}\` puts back.`,
    )
    return { queue: args.queue, drained, dryRun: false }
  }
}
