import { uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { fromNow, when } from '../../table.js'
import { printable, printableJson } from '../../terminal-text.js'

export default class QueuesShow extends BaseCommand {
  static override summary = 'Show a job: what it is about, what became of it, who is at it, why it failed.'
  static override examples = ['<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000']
  static override args = { id: uuidArg({ required: true, description: "the job's id" }) }

  async run() {
    const { args } = await this.parse(QueuesShow)
    const { services } = await this.context()
    const { presentJob } = await import('../../../api/modules/jobs/job-presenter.js')
    const job = await services.jobs.get(args.id, this.operator())
    const view = presentJob(job)
    const since = {
      done: job.doneAt,
      failed: job.failedAt,
      active: job.heldAt,
      waiting: job.queuedAt,
      delayed: null,
    }[job.state]
    this.log(`${view.topic} in ${view.queue}
state     ${view.state}${since ? ` (${fromNow(since)})` : ''}
tries     ${view.tries}, handed over ${view.handOvers} times, left by its worker ${view.stalls} times
created   ${when(job.createdAt)}
next      ${view.state === 'delayed' ? fromNow(job.availableAt) : '-'}
worker    ${view.worker ?? '-'}
error     ${printable(view.lastError ?? '-')}
${printableJson(view.payload)}`)
    return view
  }
}
