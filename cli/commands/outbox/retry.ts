import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { QUEUE_NAMES, uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { counted } from '../../table.js'

export default class OutboxRetry extends BaseCommand {
  static override summary =
    'Put what stands failed back to work: one job, or all of a queue, a topic, a time.'
  static override description =
    'Each gets all its tries again. Safe to repeat; one run for many at a time. A message that was refused is sent again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000',
    '<%= config.bin %> <%= command.id %> --queue email --since 2h --dry-run',
    '<%= config.bin %> <%= command.id %> --all',
  ]
  static override args = { id: uuidArg({ description: "the job's id" }) }
  static override flags = {
    queue: Flags.option({ options: QUEUE_NAMES })({ summary: 'All that failed in this queue.' }),
    topic: Flags.string({ helpValue: 'NAME', summary: 'All of this topic (see outbox:status) that failed.' }),
    since: Flags.string({
      helpValue: 'TIME',
      summary: 'That failed since: 2h, 7d, a day (Riyadh) or an instant.',
    }),
    all: Flags.boolean({ summary: 'All that failed.' }),
    'dry-run': Flags.boolean({ summary: 'Say how many it would be, and change nothing.' }),
  }

  async run(): Promise<{ retried: number; dryRun: boolean }> {
    const { args, flags } = await this.parse(OutboxRetry)
    const isMany =
      flags.all || flags.queue !== undefined || flags.topic !== undefined || flags.since !== undefined
    if ((args.id !== undefined) === isMany)
      throw new AppError('invalid', 'cli.which_jobs', 'Name one job, or --queue, --topic, --since or --all.')
    const { services } = await this.context()
    if (args.id !== undefined) {
      if (flags['dry-run']) return this.would(await services.jobs.countFailed({ id: args.id }))
      const { outcome, state } = await services.jobs.retry(args.id, this.operator())
      this.log(outcome === 'put_back' ? '1 job will be done now.' : `The job is ${state}: nothing to do.`)
      return { retried: outcome === 'put_back' ? 1 : 0, dryRun: false }
    }
    const which = await this.which(flags)
    if (flags['dry-run']) return this.would(await services.jobs.countFailed(which))
    const retried = await this.alone('outbox:retry', () => services.jobs.retryMany(which, this.operator()))
    this.log(`${counted(retried, 'job')} will be done now.`)
    return { retried, dryRun: false }
  }

  private would(jobs: number): { retried: number; dryRun: true } {
    this.log(`${counted(jobs, 'job')} would be put back to work.`)
    return { retried: jobs, dryRun: true }
  }

  private async which(flags: {
    queue?: (typeof QUEUE_NAMES)[number] | undefined
    topic?: string | undefined
    since?: string | undefined
  }) {
    const [{ lanesOf, LANES }, { isTopic, LANE_OF }, { instantOf }] = await Promise.all([
      import('../../../api/platform/queue-rules.js'),
      import('../../../api/platform/topics.js'),
      import('../../since.js'),
    ])
    const { queue, topic, since } = flags
    if (topic !== undefined && !isTopic(topic))
      throw new AppError(
        'invalid',
        'cli.bad_topic',
        `${topic} is no topic. There are: ${Object.keys(LANE_OF).join(', ')}.`,
      )
    return {
      lanes: queue === undefined ? LANES : lanesOf(queue),
      ...(topic === undefined ? {} : { topic }),
      ...(since === undefined ? {} : { since: instantOf(since) }),
    }
  }
}
