import { uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'

export default class QueuesRetry extends BaseCommand {
  static override summary =
    'Put a job that failed back to work, with all its tries; bring one that is put off forward.'
  static override description =
    'Safe to repeat: what is done stays done, what runs goes on. A worker takes it up at once; `queues:show` tells how it went. `outbox:retry` does it for many.'
  static override examples = ['<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000']
  static override args = { id: uuidArg({ required: true, description: "the job's id" }) }

  async run() {
    const { args } = await this.parse(QueuesRetry)
    const { services } = await this.context()
    const retried = await services.jobs.retry(args.id, this.operator())
    this.log(
      retried.outcome === 'put_back'
        ? `Job ${retried.id} will be done now.`
        : `Job ${retried.id} is ${retried.state}: nothing to do.`,
    )
    return retried
  }
}
