import { fromNow, table } from '../../table.js'
import { WatchingCommand } from '../../watching-command.js'

export default class ScheduleList extends WatchingCommand {
  static override summary = 'List what comes back by the clock, with its last run and its next.'
  static override description =
    'Patterns are cron with seconds, in Riyadh time. `missed` says what becomes of slots that no worker was there for: made up by one run (once), by a run each (each), or let go (skip).'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  async run() {
    const { flags } = await this.parse(ScheduleList)
    const { services } = await this.context()
    const [{ presentScheduled }, { recurringOf }] = await Promise.all([
      import('../../../api/modules/jobs/job-presenter.js'),
      import('../../../api/jobs.js'),
    ])
    const recurring = recurringOf(services)
    const read = async () => ({
      jobs: (await services.jobs.scheduled(recurring, this.operator())).map(presentScheduled),
    })
    return this.present(flags, read, ({ jobs }) =>
      table(
        ['name', 'pattern', 'missed', 'last run', 'dealt with', 'runs', 'failed', 'next run', 'last error'],
        jobs.map(job => [
          job.name,
          job.pattern,
          job.missed,
          job.startedAt ? `${job.state}, ${fromNow(new Date(job.startedAt))}` : '-',
          String(job.dealtWith ?? '-'),
          String(job.runs),
          String(job.failures),
          job.nextAt ? fromNow(new Date(job.nextAt)) : '-',
          job.error ?? '-',
        ]),
      ),
    )
  }
}
