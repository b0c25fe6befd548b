import { fromNow, table } from '../../table.js'
import { WatchingCommand } from '../../watching-command.js'

export default class OutboxStatus extends WatchingCommand {
  static override summary = 'Show where the work is that follows commits, and what stands failed, by topic.'
  static override description =
    '`due` is what no queue has yet: more than a moment’s worth means that no worker runs, or that Redis is away.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --watch',
  ]

  async run() {
    const { flags } = await this.parse(OutboxStatus)
    const { services } = await this.context()
    const { presentOutbox } = await import('../../../api/modules/jobs/job-presenter.js')
    const read = async () => {
      const { state, failures } = await services.jobs.outbox(this.operator())
      return presentOutbox(state, failures)
    }
    return this.present(flags, read, async ({ failures, ...of }) => {
      const states = await table(
        ['due', 'oldest', 'in a queue', 'at work', 'later', 'failed'],
        [
          [
            String(of.due),
            fromNow(of.oldestDueAt ? new Date(of.oldestDueAt) : null),
            ...[of.queued, of.held, of.later, of.failed].map(String),
          ],
        ],
      )
      if (failures.length === 0) return states
      const rows = failures.map(each => [
        each.queue,
        each.topic,
        String(each.failed),
        fromNow(new Date(each.lastAt)),
        each.lastError ?? '-',
      ])
      return `${states}\n${await table(['queue', 'topic', 'failed', 'last', 'last error'], rows)}`
    })
  }
}
