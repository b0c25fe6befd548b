import { fromNow, table, when } from '../../table.js'
import { WatchingCommand } from '../../watching-command.js'

export default class QueuesStatus extends WatchingCommand {
  static override summary = 'Show what each queue has to do: what waits, runs, is put off, failed, was done.'
  static override description =
    'Waiting, active, delayed and failed come from the database. Completed, retried and stalled are counted in Redis, since it began to; a dash where it does not answer.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --watch',
    '<%= config.bin %> <%= command.id %> --watch --every 10 --json',
  ]

  async run() {
    const { flags } = await this.parse(QueuesStatus)
    const { services } = await this.context()
    const { presentQueue } = await import('../../../api/modules/jobs/job-presenter.js')
    const read = async () => ({ queues: (await services.jobs.queues(this.operator())).map(presentQueue) })
    return this.present(flags, read, ({ queues }) =>
      table(
        [
          'queue',
          'waiting',
          'active',
          'delayed',
          'failed',
          'completed',
          'retried',
          'stalled',
          'oldest',
          'paused',
        ],
        queues.map(({ queue, ...of }) => [
          queue,
          ...[of.waiting, of.active, of.delayed, of.failed].map(String),
          ...[of.completed, of.retried, of.stalled].map(count => (count === null ? '-' : String(count))),
          fromNow(date(of.oldestAt)),
          of.pausedAt ? `${when(date(of.pausedAt))} by ${of.pausedBy}` : '-',
        ]),
      ),
    )
  }
}

const date = (iso: string | null): Date | null => (iso === null ? null : new Date(iso))
