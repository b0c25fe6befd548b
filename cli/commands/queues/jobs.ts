import * as Flags from '@oclif/core/flags'
import { queueArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { fromNow, table } from '../../table.js'
import { wholeNumber } from '../../whole-number.js'

const STATES = ['waiting', 'active', 'delayed', 'failed', 'done'] as const

export default class QueuesJobs extends BaseCommand {
  static override summary = 'List the jobs of a queue in one state.'
  static override description =
    'Those that wait come in the order they fall due, those that failed or are done newest first.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders',
    '<%= config.bin %> <%= command.id %> email --state done --limit 100 --json',
  ]
  static override args = { queue: queueArg({ required: true }) }
  static override flags = {
    state: Flags.option({ options: STATES, default: 'failed' as const })({ summary: 'In this state.' }),
    limit: wholeNumber({ default: 20, min: 1, max: 1000, summary: 'At most this many.' }),
  }

  async run() {
    const { args, flags } = await this.parse(QueuesJobs)
    const { services } = await this.context()
    const { presentJob } = await import('../../../api/modules/jobs/job-presenter.js')
    const jobs = await services.jobs.firstJobs(args.queue, flags.state, flags.limit, this.operator())
    const at = {
      waiting: 'availableAt',
      delayed: 'availableAt',
      active: 'heldAt',
      failed: 'failedAt',
      done: 'doneAt',
    } as const
    const head = { waiting: 'due', delayed: 'due', active: 'since', failed: 'failed', done: 'done' }[
      flags.state
    ]
    const rows = jobs.map(job => [
      job.id,
      job.topic,
      String(job.tries),
      // what is in the queue already is due, whatever becomes of the queue
      flags.state === 'waiting' && job.queuedAt ? 'now' : fromNow(job[at[flags.state]]),
      short(job.lastError ?? '-'),
    ])
    this.log(
      rows.length === 0
        ? `No jobs ${flags.state} in ${args.queue}.`
        : await table(['id', 'topic', 'tries', head, 'last error'], rows),
    )
    return { queue: args.queue, state: flags.state, jobs: jobs.map(presentJob) }
  }
}

/** The whole of it is what `queues:show` is for. */
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
