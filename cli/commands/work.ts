import { BaseCommand } from '../base-command.js'

export default class Work extends BaseCommand {
  static override summary = 'Run a worker process alone: queue consumers, outbox and recurring jobs.'
  static override examples = ['NODE_ENV=production <%= config.bin %> <%= command.id %>']

  async run(): Promise<void> {
    await this.parse(Work)
    const [{ startWorker }, { untilSignal }] = await Promise.all([
      import('../../api/worker.js'),
      import('../../api/entry.js'),
    ])
    await untilSignal(() => startWorker(this.env()))
  }
}
